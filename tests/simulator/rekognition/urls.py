"""What reaches Custom Labels: every request to Rekognition's endpoint in a region goes to "/".

moto asks a backend's module for these two names.
"""

from .responses import CustomLabels

url_bases = [r"https?://rekognition\.[^.]+\.amazonaws\.com"]
url_paths = {"{0}/$": CustomLabels.dispatch}
