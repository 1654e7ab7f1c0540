"""A simulated Amazon Rekognition Custom Labels, to be run as a server of its own.

``rekognition`` is a service package as moto has them; the modules beside it turn it into a server
(``python -m tests.simulator``) that a test can seed, disturb and question over HTTP. Nothing is
imported here: ``client`` must work in a process that has no moto.
"""
