// SPDX-License-Identifier: Apache-2.0
//
// The multiply unit of a PE type and the product window: what of a product is added.

module rowan_multiply #(
    parameter PE_TYPE = 0,  // as in rowan_machine
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16
) (
    input  wire [ACTIVATION_BITS-1:0] activation,
    input  wire [    WEIGHT_BITS-1:0] weight,
    input  wire [                4:0] shift,
    output wire [   PRODUCT_BITS-1:0] product
);

    // Bits of a full product.
    localparam FULL_BITS = PE_TYPE == 0 ? ACTIVATION_BITS + WEIGHT_BITS
                         : PE_TYPE == 1 ? 16
                         : PE_TYPE == 2 ? 17
                         : 32;
    localparam IS_FLOAT = PE_TYPE == 3;

    wire signed [FULL_BITS-1:0] full;

    generate
        case (PE_TYPE)
            0: begin : integers
                rowan_multiply_integer #(
                    .ACTIVATION_BITS(ACTIVATION_BITS),
                    .WEIGHT_BITS(WEIGHT_BITS)
                ) unit (.activation(activation), .weight(weight), .product(full));
            end
            1: begin : lightpe1
                rowan_multiply_lightpe1 unit (.activation(activation), .weight(weight), .product(full));
            end
            2: begin : lightpe2
                rowan_multiply_lightpe2 unit (.activation(activation), .weight(weight), .product(full));
            end
            3: begin : fp32
                rowan_multiply_fp32 unit (.activation(activation), .weight(weight), .product(full));
            end
        endcase

        if (IS_FLOAT) begin : no_window
            wire unused = &{1'b0, shift};
            assign product = full;
        end else if (PRODUCT_BITS > FULL_BITS) begin : extended
            wire signed [FULL_BITS-1:0] shifted = full >>> shift;
            assign product = {{(PRODUCT_BITS - FULL_BITS) {shifted[FULL_BITS-1]}}, shifted};
        end else begin : window
            wire signed [FULL_BITS-1:0] shifted = full >>> shift;
            wire unused = &{1'b0, shifted};
            assign product = shifted[PRODUCT_BITS-1:0];
        end
    endgenerate

endmodule
