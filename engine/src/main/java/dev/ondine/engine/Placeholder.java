package dev.ondine.engine; final class Placeholder {}
