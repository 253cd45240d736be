"""Diffusion autoencoder of vertebral bodies: network, training, and conversion to a model folder (research use only)."""

__version__ = "0.1.0"
