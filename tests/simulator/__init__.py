"""A simulated Amazon Rekognition Custom Labels, of the standard library alone.

`server` answers requests by `service`, and by `control` what `client` asks for tests.
"""
