package dev.ondine.text; final class Placeholder {}
