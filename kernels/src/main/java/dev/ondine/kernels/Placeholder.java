package dev.ondine.kernels; final class Placeholder {}
