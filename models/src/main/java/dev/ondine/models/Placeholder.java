package dev.ondine.models; final class Placeholder {}
