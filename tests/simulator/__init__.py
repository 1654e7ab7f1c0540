"""A simulated Amazon Rekognition Custom Labels, of the standard library alone.

``service`` holds projects and models; ``server`` answers requests, and under ``/simulator/`` tests,
which seed it, disturb it by ``rules``, and question it (``control``). ``client`` runs it as a
process of its own and has a method for each route.
"""
