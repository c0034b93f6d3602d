package dev.ondine.files; final class Placeholder {}
