"""Proof on real AWS: what the service does, compared with what the simulator does (`make live`).

``steps`` is what is done, once on either side; ``side`` asks and notes down what was answered;
``believed`` sets the simulator up; ``leftovers`` deletes what was created; ``report`` compares.
"""
