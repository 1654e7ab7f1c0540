"""Custom Labels (projects and project versions) for moto, in the shape of a moto service package.

moto's own ``rekognition`` package knows face, label and text detection only.
"""

from .models import rekognition_backends  # noqa: F401
