"""The weight of the votes or writers of one network."""

from math import log2


def compute_weight(size):
    """Return the weight of ``size`` votes or writers from one network.

    The first votes count in full, then the weight grows like a logarithm: 1,000 cookies of one
    host weigh 11.97.
    """
    return min(size, 2 + log2(size)) if size else 0.0


def compute_group_weight(total, largest):
    """Return the weight of a network whose parts weigh ``total`` together and ``largest`` at most.

    The parts add up like votes of one network, but never to less than the largest of them.
    """
    return max(largest, compute_weight(total))
