// SPDX-License-Identifier: Apache-2.0
//
// Adder of the integer types: wraps at the psum's width, or saturates.

module rowan_add_integer #(
    parameter PSUM_BITS = 16,
    parameter ADDEND_BITS = 16,  // PSUM_BITS at least
    parameter SATURATE = 0
) (
    input  wire signed [  PSUM_BITS-1:0] psum,
    input  wire signed [ADDEND_BITS-1:0] addend,
    output wire        [  PSUM_BITS-1:0] sum
);

    wire [ADDEND_BITS:0] full = {{(ADDEND_BITS + 1 - PSUM_BITS) {psum[PSUM_BITS-1]}}, psum}
                              + {addend[ADDEND_BITS-1], addend};
    wire negative = full[ADDEND_BITS];

    generate
        if (SATURATE != 0) begin : saturate
            // The bits from the psum's sign up are equal unless the sum does not fit.
            wire fits = full[ADDEND_BITS:PSUM_BITS-1] == {(ADDEND_BITS - PSUM_BITS + 2) {negative}};
            assign sum = fits ? full[PSUM_BITS-1:0] : {negative, {(PSUM_BITS - 1) {~negative}}};
        end else begin : wrap
            wire unused = &{1'b0, negative, full[ADDEND_BITS:PSUM_BITS]};
            assign sum = full[PSUM_BITS-1:0];
        end
    endgenerate

endmodule
