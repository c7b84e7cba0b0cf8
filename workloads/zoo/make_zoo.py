#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the network files of this folder, but for alexnet.yaml; `--check` only tells stale ones.

The shapes are those of the papers. The number formats are of no paper: they are chosen here so that
16-bit words with 16-bit psums neither die nor wrap, over many layers. The rule:

- A model of the words of every tensor goes along (word_model.py).
- The shift of products and the largest filter word of a layer are such that its psums have the
  standard deviation PSUM_DEVIATION, less than a tenth of what 16 bits hold: magnitudes drift. It is
  half of that with few taps, where psums are far from normal. Truncation takes half a unit from every
  product that is not zero, which is the mean of the psums; their deviation is at least that.
- The shift of psums makes ofmap words of the standard deviation WORD_DEVIATION, which is 1.5 with
  FRACTION_BITS fraction bits to softmax and GELU; layer norm makes words of 1.0.
- The last convolution of a residual branch makes words of BRANCH_DEVIATION: the stream then carries
  magnitudes over many layers, whose random filters would let them drift.
- An addition is shifted right by one more bit as long as its words exceed MOST_DEVIATION.
- A matmul of probabilities and values is scaled for tokens that are all alike, its largest case.

The limit is FC6 of VGG-16, of 25,088 taps: truncation takes about as much as its psums' deviation, so
that few words are left where a seed's filters happen to be small, and some wrap where they are large.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True  # the folder holds nothing but networks and what writes them
from word_model import PSUM_DEVIATION, Words, gelu_moments, normalized, plus, products, windows

FOLDER = pathlib.Path(__file__).resolve().parent
WIDTH = 120

WORD_DEVIATION = 384
BRANCH_DEVIATION = WORD_DEVIATION // 4
FRACTION_BITS = 8
MOST_DEVIATION = 4096
INPUT_MAX = 2047


class Network:
    """A network in the making: layers as dictionaries, with the words of each one's ofmap."""

    def __init__(self, name, description, channels, height, width):
        self.name, self.description = name, description
        self.shape = (channels, height, width)
        self.layers = []
        self.outputs = {"input": (self.shape, Words(0, INPUT_MAX / math.sqrt(3), 0.0, height * [1.0]))}
        self.last = "input"

    def add_layer(self, name, kind, keys, inputs, shape, words, filter_max=None):
        """Appends a layer; `inputs` are left out where they are the layer before. Returns its name."""
        layer = {"name": name, "kind": kind}
        if inputs != [self.last]:
            layer["inputs"] = inputs
        layer.update(keys)
        seeded = self.seeded([self.outputs[i][1] for i in inputs])
        if filter_max is not None:
            seeded["filter_max"] = filter_max
        layer["seeded"] = seeded
        self.layers.append(layer)
        self.outputs[name] = (shape, words)
        self.last = name
        return name

    @staticmethod
    def seeded(operands):
        """Words drawn at random that are like those of the operands."""
        nonzero = sum(words.nonzero for words in operands) / len(operands)
        square = sum(words.square for words in operands) / len(operands)
        most = min(32767, max(1, round(math.sqrt(3 * square / nonzero))))
        return {"ifmap_zeros_percent": round(100 * (1 - nonzero), 1), "ifmap_max": most}

    def conv(self, name, filters, kernel, stride=1, padding=0, groups=1, relu=True, source=None,
             deviation=WORD_DEVIATION):
        """`kernel` of both dimensions, or None for a fully connected layer; `deviation` of psums in the ofmap's words."""
        source = source or self.last
        (channels, height, width), words = self.outputs[source]
        rows, columns = (height, width) if kernel is None else kernel
        taps = channels // groups * rows * columns
        profile, energy = normalized(windows(words.profile, rows, stride, padding))
        _, inside = normalized(windows(height * [1.0], rows, stride, padding))
        lost = taps * inside**2 * words.nonzero / 2
        product_shift, filter_max, mean, psums = products(taps, words.square * energy**2, lost)
        ofmap_shift = max(0, round(math.log2(psums / deviation)))
        out = Words(mean, psums, words.alike, profile).scaled(2.0**-ofmap_shift)
        keys = {"filters": filters}
        if kernel is not None:
            keys["kernel"] = {"height": rows, "width": columns}
        for key, value, default in (("stride", stride, 1), ("padding", padding, 0), ("groups", groups, 1)):
            if value != default:
                keys[key] = value
        keys.update(relu=relu, product_shift_bits=product_shift, ofmap_shift_bits=ofmap_shift)
        shape = (filters, (height + 2 * padding - rows) // stride + 1, (width + 2 * padding - columns) // stride + 1)
        kind = "fully_connected" if kernel is None else "convolution"
        return self.add_layer(name, kind, keys, [source], shape, out.rectified() if relu else out, filter_max)

    def square(self, name, filters, size, stride=1, groups=1, relu=True, deviation=WORD_DEVIATION):
        """A convolution that keeps rows and columns, but for its stride."""
        return self.conv(name, filters, (size, size), stride, size // 2, groups, relu, None, deviation)

    def branch_end(self, name, filters, size):
        """The last layer of a residual branch."""
        return self.square(name, filters, size, relu=False, deviation=BRANCH_DEVIATION)

    def fully_connected(self, name, filters, relu=True, source=None):
        return self.conv(name, filters, None, relu=relu, source=source)

    def pool(self, name, kind, size, stride, padding=0, source=None):
        source = source or self.last
        (channels, height, width), words = self.outputs[source]
        keys = {"pooling": kind, "size": size, "stride": stride}
        if padding:
            keys["padding"] = padding
        shape = (channels, (height + 2 * padding - size) // stride + 1, (width + 2 * padding - size) // stride + 1)
        profile, _ = normalized(windows(words.profile, size, stride, padding))
        return self.add_layer(name, "pooling", keys, [source], shape, words.largest(size * size, profile))

    def global_average(self, name):
        (channels, height, width), words = self.outputs[self.last]
        square = words.square * (words.alike + (1 - words.alike) / (height * width))
        deviation = math.sqrt(max(square - words.mean**2, 1.0))
        words = Words(words.mean, deviation, 1.0, [1.0], signed=True)
        return self.add_layer(name, "pooling", {"pooling": "average", "global": True}, [self.last], (channels, 1, 1),
                              words)

    def add(self, name, a, b, relu):
        (channels, _, _), words = self.outputs[a]
        words = plus(words, self.outputs[b][1], self.outputs[b][0][0] / channels)
        shift = 0
        while math.sqrt(words.square) > MOST_DEVIATION:
            words = words.scaled(0.5)
            shift += 1
        keys = {"relu": relu}
        if shift:
            keys["ofmap_shift_bits"] = shift
        return self.add_layer(name, "add", keys, [a, b], self.outputs[a][0], words.rectified() if relu else words)

    def layer_norm(self, name, source=None):
        """Gains about 1.0 with 8 fraction bits, offsets up to an eighth of a deviation."""
        source = source or self.last
        keys = {"ofmap_fraction_bits": FRACTION_BITS, "gain_fraction_bits": 8}
        return self.add_layer(name, "layer_norm", keys, [source], self.outputs[source][0],
                              Words(0, 1 << FRACTION_BITS, 0.0, [1.0]), (1 << FRACTION_BITS) // 8)

    def attention(self, prefix, heads, source):
        """Queries to the layer after the context; its ofmap is to be added to the stream."""
        (channels, _, tokens), _ = self.outputs[source]
        depth = channels // heads
        q, k, v = (self.conv(prefix + name, channels, (1, 1), relu=False, source=source) for name in "QKV")
        # The sum over a head's channels has the deviation sqrt(depth); softmax takes it as WORD_DEVIATION again.
        psums_shift = round(math.log2(math.sqrt(depth) * WORD_DEVIATION**2 / PSUM_DEVIATION))
        score_shift = round(math.log2(PSUM_DEVIATION / WORD_DEVIATION))
        keys = {"heads": heads, "transpose": True, "product_shift_bits": psums_shift, "ofmap_shift_bits": score_shift}
        self.add_layer(prefix + "SCORES", "matmul", keys, [q, k], (heads * tokens, 1, tokens),
                       Words(0, WORD_DEVIATION, 0.0, [1.0]))
        keys = {"groups": heads, "fraction_bits": FRACTION_BITS, "ofmap_fraction_bits": 15}
        mean = 32768 / tokens
        self.add_layer(prefix + "SOFTMAX", "softmax", keys, [self.last], (heads * tokens, 1, tokens),
                       Words(mean, mean * 2, 0.0, [1.0]))
        # The weights of a query add up to 2^15: a token's deviation in psums is 2^(15 - shift) of its word's.
        shift = round(math.log2(WORD_DEVIATION * 32768 / PSUM_DEVIATION))
        keys = {"heads": heads, "transpose": False, "product_shift_bits": shift}
        self.add_layer(prefix + "CONTEXT", "matmul", keys, [self.last, v], (channels, 1, tokens),
                       Words(0, WORD_DEVIATION * 2.0 ** (15 - shift), 0.0, [1.0]))
        return self.conv(prefix + "O", channels, (1, 1), relu=False)

    def mlp(self, prefix, source):
        (channels, _, _), _ = self.outputs[source]
        self.conv(prefix + "UP", 4 * channels, (1, 1), relu=False, source=source)
        shape, words = self.outputs[self.last]
        mean, deviation = gelu_moments(words.deviation / (1 << FRACTION_BITS))
        words = Words(mean * (1 << FRACTION_BITS), deviation * (1 << FRACTION_BITS), 0.0, [1.0])
        self.add_layer(prefix + "GELU", "gelu", {"fraction_bits": FRACTION_BITS}, [self.last], shape, words)
        return self.conv(prefix + "DOWN", channels, (1, 1), relu=False)

    def text(self):
        lines = ["# SPDX-License-Identifier: Apache-2.0", "# Written by make_zoo.py, which says how the shifts are chosen.",
                 "schema: rowan.workload/2", f"name: {self.name}", "description: >-"]
        line = " "
        for word in self.description.split():
            if len(line) + 1 + len(word) > WIDTH:
                lines.append(line)
                line = " "
            line += " " + word
        lines += [line, f"input: {flow(dict(zip(('channels', 'height', 'width'), self.shape)))}", "layers:"]
        lines += ["  - " + flow(layer) for layer in self.layers]
        return "\n".join(lines) + "\n"


def flow(value):
    """YAML of one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


FOLDED = "Batch normalisation is folded into the convolutions."
VGG = 'K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015'
RESNET = 'K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016'
VGG_STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))


def vgg16(name, size, description):
    network = Network(name, description, 3, size, size)
    for stage, (filters, layers) in enumerate(VGG_STAGES, 1):
        for layer in range(1, layers + 1):
            network.square(f"CONV{stage}-{layer}", filters, 3)
        network.pool(f"POOL{stage}", "max", 2, 2)
    return network


def vgg16_imagenet():
    network = vgg16("vgg16", 224, f"VGG-16, configuration D, 224 x 224 inputs: {VGG}.")
    network.fully_connected("FC6", 4096)
    network.fully_connected("FC7", 4096)
    network.fully_connected("FC8", 1000, relu=False)
    return network


def vgg16_cifar10():
    network = vgg16("vgg16_cifar10", 32, f"The convolutions of VGG-16 on CIFAR-10, 32 x 32 inputs, with one fully "
                    f"connected layer: {VGG}. {FOLDED}")
    network.fully_connected("FC6", 10, relu=False)
    return network


def basic_block(network, block, filters, stride):
    source = network.last
    network.square(f"CONV{block}A", filters, 3, stride)
    main = network.branch_end(f"CONV{block}B", filters, 3)
    if stride != 1:
        source = network.conv(f"CONV{block}S", filters, (1, 1), stride, relu=False, source=source)
    network.add(f"ADD{block}", main, source, relu=True)


def bottleneck(network, block, filters, stride, stride_first):
    source = network.last
    network.square(f"CONV{block}A", filters, 1, stride if stride_first else 1)
    network.square(f"CONV{block}B", filters, 3, 1 if stride_first else stride)
    main = network.branch_end(f"CONV{block}C", 4 * filters, 1)
    if block.endswith("_1"):
        source = network.conv(f"CONV{block}S", 4 * filters, (1, 1), stride, relu=False, source=source)
    network.add(f"ADD{block}", main, source, relu=True)


def resnet(name, blocks, make_block, description):
    network = Network(name, f"{description} {RESNET}, Table 1; shortcuts of option B. {FOLDED}", 3, 224, 224)
    network.square("CONV1", 64, 7, 2)
    network.pool("POOL1", "max", 3, 2, 1)
    for stage, count in enumerate(blocks, 2):
        for block in range(1, count + 1):
            make_block(network, f"{stage}_{block}", 64 << (stage - 2), 2 if stage > 2 and block == 1 else 1)
    network.global_average("POOL5")
    network.fully_connected("FC", 1000, relu=False)
    return network


def resnet50(name, stride_first, description):
    def block(network, number, filters, stride):
        bottleneck(network, number, filters, stride, stride_first)
    return resnet(name, (3, 4, 6, 3), block, description)


def resnet_cifar10(layers):
    network = Network(f"resnet{layers}", f"ResNet-{layers} for CIFAR-10, 32 x 32 inputs: {RESNET}, section 4.2; "
                      f"shortcuts of option A, without parameters. {FOLDED}", 3, 32, 32)
    network.square("CONV1", 16, 3)
    for stage in (2, 3, 4):
        for block in range(1, (layers - 2) // 6 + 1):
            number, source = f"{stage}_{block}", network.last
            stride = 2 if stage > 2 and block == 1 else 1
            network.square(f"CONV{number}A", 16 << (stage - 2), 3, stride)
            main = network.branch_end(f"CONV{number}B", 16 << (stage - 2), 3)
            if stride != 1:  # every other word; the addition takes the channels that are missing as zeros
                source = network.pool(f"SHORTCUT{number}", "max", 1, 2, source=source)
            network.add(f"ADD{number}", main, source, relu=True)
    network.global_average("POOL4")
    network.fully_connected("FC", 10, relu=False)
    return network


def mobilenet_v1():
    network = Network("mobilenet_v1", 'MobileNet, width 1.0, 224 x 224 inputs: A. Howard et al., "MobileNets: Efficient '
                      f'Convolutional Neural Networks for Mobile Vision Applications", 2017, Table 1. {FOLDED}',
                      3, 224, 224)
    network.square("CONV1", 32, 3, 2)
    layers = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + 5 * [(512, 1)] + [(1024, 2), (1024, 1)]
    for number, (filters, stride) in enumerate(layers, 1):
        channels = network.outputs[network.last][0][0]
        network.square(f"DW{number}", channels, 3, stride, groups=channels)
        network.square(f"PW{number}", filters, 1)
    network.global_average("POOL")
    network.fully_connected("FC", 1000, relu=False)
    return network


def mobilenet_v2():
    network = Network("mobilenet_v2", 'MobileNetV2, width 1.0, 224 x 224 inputs: M. Sandler et al., "MobileNetV2: '
                      'Inverted Residuals and Linear Bottlenecks", CVPR 2018, Table 2. ReLU6 is ReLU here. ' + FOLDED,
                      3, 224, 224)
    network.square("CONV1", 32, 3, 2)
    rows = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    number = 0
    for expansion, filters, count, first_stride in rows:
        for layer in range(count):
            number += 1
            source, stride = network.last, first_stride if layer == 0 else 1
            channels = network.outputs[source][0][0]
            if expansion > 1:
                network.square(f"EXPAND{number}", expansion * channels, 1)
            network.square(f"DW{number}", expansion * channels, 3, stride, groups=expansion * channels)
            main = network.square(f"PROJECT{number}", filters, 1, relu=False)
            if stride == 1 and filters == channels:
                network.add(f"ADD{number}", main, source, relu=False)
    network.square("CONV18", 1280, 1)
    network.global_average("POOL")
    network.fully_connected("FC", 1000, relu=False)
    return network


def bert_base():
    network = Network("bert_base", 'BERT base, the twelve encoder layers on embeddings of 128 tokens: J. Devlin et al., '
                      '"BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", 2019. '
                      'Biases are left out.', 768, 1, 128)
    for layer in range(1, 13):
        prefix, source = f"L{layer}.", network.last
        network.add(prefix + "ADD1", network.attention(prefix, 12, source), source, relu=False)
        source = network.layer_norm(prefix + "NORM1")
        network.add(prefix + "ADD2", network.mlp(prefix, source), source, relu=False)
        network.layer_norm(prefix + "NORM2")
    return network


def vit_b16():
    network = Network("vit_b16", 'ViT-B/16, 224 x 224 inputs, 197 tokens: A. Dosovitskiy et al., "An Image is Worth '
                      '16x16 Words: Transformers for Image Recognition at Scale", ICLR 2021. Biases are left out.',
                      3, 224, 224)
    network.conv("PATCH", 768, (16, 16), 16, relu=False)
    (channels, height, width), words = network.outputs[network.last]
    embedding = WORD_DEVIATION // 2
    network.add_layer("TOKENS", "tokens", {}, [network.last], (channels, 1, 1 + height * width),
                      Words(0, math.hypot(words.deviation, embedding / math.sqrt(3)), 0.0, [1.0]), embedding)
    for layer in range(1, 13):
        prefix, source = f"L{layer}.", network.last
        normed = network.layer_norm(prefix + "NORM1")
        source = network.add(prefix + "ADD1", network.attention(prefix, 12, normed), source, relu=False)
        normed = network.layer_norm(prefix + "NORM2")
        network.add(prefix + "ADD2", network.mlp(prefix, normed), source, relu=False)
    network.layer_norm("NORM")
    shape, words = network.outputs[network.last]
    network.add_layer("SELECT", "select", {"column": 0}, [network.last], (shape[0], 1, 1), words)
    network.fully_connected("HEAD", 1000, relu=False)
    return network


def networks():
    return [
        vgg16_imagenet(), vgg16_cifar10(),
        resnet("resnet18", (2, 2, 2, 2), basic_block, "ResNet-18, 224 x 224 inputs:"),
        resnet("resnet34", (3, 4, 6, 3), basic_block, "ResNet-34, 224 x 224 inputs:"),
        resnet50("resnet50", False, "ResNet-50 v1.5, 224 x 224 inputs, with the stride of a bottleneck in its 3 x 3 "
                 "layer:"),
        resnet50("resnet50_v1", True, "ResNet-50 as published, 224 x 224 inputs, with the stride of a bottleneck in "
                 "its first layer:"),
        resnet_cifar10(20), resnet_cifar10(56), mobilenet_v1(), mobilenet_v2(), bert_base(), vit_b16(),
    ]


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(f"usage: {sys.argv[0]} [--check]")
    stale = False
    for network in networks():
        file = FOLDER / f"{network.name}.yaml"
        if not sys.argv[1:]:
            file.write_text(network.text())
        elif not file.exists() or file.read_text() != network.text():
            print(f"workloads/zoo/{file.name} is stale: run workloads/zoo/make_zoo.py", file=sys.stderr)
            stale = True
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
