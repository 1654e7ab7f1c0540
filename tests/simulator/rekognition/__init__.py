"""Custom Labels (projects, datasets and project versions), which moto itself does not have.

Its own ``rekognition`` knows faces, labels and text. This package takes that one's place, so its
modules and ``rekognition_backends`` have the names by which moto finds a service.
"""

from .models import rekognition_backends

__all__ = ["rekognition_backends"]
