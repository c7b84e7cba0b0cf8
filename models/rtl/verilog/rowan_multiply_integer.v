// SPDX-License-Identifier: Apache-2.0
//
// Multiply unit of int16, int8 and int4: the exact product of two's complement words.

module rowan_multiply_integer #(
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16
) (
    input  wire signed [            ACTIVATION_BITS-1:0] activation,
    input  wire signed [                WEIGHT_BITS-1:0] weight,
    output wire signed [ACTIVATION_BITS+WEIGHT_BITS-1:0] product
);

    assign product = activation * weight;

endmodule
