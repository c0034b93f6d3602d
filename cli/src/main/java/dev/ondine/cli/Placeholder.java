package dev.ondine.cli; final class Placeholder {}
