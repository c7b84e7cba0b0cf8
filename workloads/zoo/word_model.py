# SPDX-License-Identifier: Apache-2.0
"""A model of the words of a network of random filters: what make_zoo.py chooses number formats by.

Psums of random filters are normal; their mean is what truncation of the products takes. ReLU and the
largest of a window follow from that, given how alike the words at different positions of a channel
are. Magnitudes fall towards the edges, where a window is partly padding.
"""

import math

PSUM_DEVIATION = 3072
FEW_TAPS = 25
MOST_FILTER_WORD = 511

# Mean and variance of the largest of so many standard normal variables.
LARGEST = {1: (0.0, 1.0), 4: (1.0294, 0.4917), 9: (1.4850, 0.3574)}


class Words:
    """What is known of the words of a tensor.

    mean, square: of all words; nonzero: the share of them; signed: whether there are negative ones;
    alike: 1 when a channel's words are all the same, 0 when nothing ties them together (the mean
    product of two words at different positions, by the mean square); deviation: of the normal
    variable whose positive part they are, its mean being `center`; profile: mean squares of the rows
    (columns alike), their mean 1.
    """

    def __init__(self, center, deviation, alike, profile, signed=True):
        self.center, self.deviation, self.alike, self.profile, self.signed = center, deviation, alike, profile, signed
        self.mean, self.square, self.nonzero = center, center**2 + deviation**2, 1.0
        if not signed:
            positive = 0.5 * math.erfc(-center / deviation / math.sqrt(2))
            density = math.exp(-((center / deviation) ** 2) / 2) / math.sqrt(2 * math.pi)
            self.mean = center * positive + deviation * density
            self.square = self.square * positive + center * deviation * density
            self.nonzero = positive

    def rectified(self):
        cosine = min(1.0, self.alike)
        alike = (math.sqrt(1 - cosine**2) + cosine * (math.pi - math.acos(cosine))) / math.pi
        return Words(self.center, self.deviation, alike, self.profile, signed=False)

    def scaled(self, factor):
        return Words(self.center * factor, self.deviation * factor, self.alike, self.profile, self.signed)

    def largest(self, count, profile):
        """Of each `count` words of a channel."""
        mean, variance = LARGEST[count]
        center = self.center + self.deviation * math.sqrt(1 - self.alike) * mean
        deviation = self.deviation * math.sqrt(self.alike + (1 - self.alike) * variance)
        words = Words(center, deviation, self.alike, profile, self.signed)
        words.alike = max(self.alike, words.mean**2 / words.square)
        return words


def plus(a, b, share=1.0):
    """Sums, b being zeros in place of all but a share of the channels."""
    mean, square = a.mean + share * b.mean, a.square + share * (b.square + 2 * a.mean * b.mean)
    alike = (a.alike * a.square + share * b.alike * b.square) / (a.square + share * b.square)
    profile = [(a.square * x + share * b.square * y) / (a.square + share * b.square)
               for x, y in zip(a.profile, b.profile)]
    return Words(mean, math.sqrt(max(square - mean**2, 1.0)), alike, profile)


def windows(profile, size, stride, padding):
    """Mean squares of the words in each window, as if padding were words of 0."""
    padded = padding * [0.0] + profile + padding * [0.0]
    return [sum(padded[i : i + size]) / size for i in range(0, len(padded) - size + 1, stride)]


def normalized(profile):
    mean = sum(profile) / len(profile)
    return [x / mean for x in profile], mean


def products(taps, square, lost):
    """Shift of products, largest filter word, and mean and deviation of the psums they make.

    square: mean of the words in a window, padding included; lost: by the products of a psum.
    """
    rms = math.sqrt(taps * square / 3)  # for filter words that are uniform up to 1
    wanted = PSUM_DEVIATION / 2 if taps <= FEW_TAPS else max(PSUM_DEVIATION, lost)
    shift = max(0, math.floor(math.log2(rms * MOST_FILTER_WORD / wanted)))
    filter_max = min(MOST_FILTER_WORD, round(wanted * 2**shift / rms))
    return shift, filter_max, -lost * (1 - 2.0**-shift), rms * filter_max / 2**shift


def gelu_moments(deviation):
    """Mean and standard deviation of the GELU of a normal variable."""
    xs = [i / 64 for i in range(-384, 385)]  # in deviations
    weights = [math.exp(-x * x / 2) for x in xs]
    ys = [x * deviation * 0.5 * math.erfc(-x * deviation / math.sqrt(2)) for x in xs]
    mean = sum(w * y for w, y in zip(weights, ys)) / sum(weights)
    return mean, math.sqrt(sum(w * (y - mean) ** 2 for w, y in zip(weights, ys)) / sum(weights))
