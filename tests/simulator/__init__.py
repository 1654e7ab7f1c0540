"""A simulated Amazon Rekognition Custom Labels, to be run as a server of its own.

``rekognition`` is a service package as moto has them, and knows nothing of the rest. ``behaviour``
lies over it: what only tests want of the service. The modules beside them turn both into a server
(``python -m tests.simulator``) that a test can seed, disturb and question over HTTP: ``control``
has the routes, ``events`` what happens to a request on its way, by ``rules`` and ``quota``. Nothing
is imported here: ``client`` must work in a process that has no moto.
"""
