// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of a PE: multiply unit, adder and psum_spad. A MAC adds its product to a psum; an
// accumulation adds the psum to the incoming one, brings the sum out MULTIPLY_LATENCY +
// ACCUMULATE_LATENCY after its issue (the last of these cycles is the FIFO's), and leaves a zero.

module rowan_mac #(
    parameter PE_TYPE = 0,
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16,
    parameter PSUM_BITS = 16,
    parameter SATURATE = 0,
    parameter MULTIPLY_LATENCY = 1,
    parameter ACCUMULATE_LATENCY = 2,
    parameter PSUM_SPAD_WORDS = 24
) (
    input wire       clock,
    input wire       restart,
    input wire [4:0] product_shift,

    input wire issue_mac,
    input wire issue_accumulation,
    input wire [(PSUM_SPAD_WORDS > 1 ? $clog2(PSUM_SPAD_WORDS) : 1) - 1 : 0] psum,
    input wire [PSUM_BITS-1:0] incoming,  // of an accumulation

    // In the cycle after the issue.
    input wire [ACTIVATION_BITS-1:0] activation,
    input wire [    WEIGHT_BITS-1:0] weight,

    output wire                 out_write,
    output wire [PSUM_BITS-1:0] out_word
);

    localparam PSUM_ADDRESS_BITS = PSUM_SPAD_WORDS > 1 ? $clog2(PSUM_SPAD_WORDS) : 1;
    localparam ADDEND_BITS = PRODUCT_BITS > PSUM_BITS ? PRODUCT_BITS : PSUM_BITS;

    wire [PRODUCT_BITS-1:0] product_now;
    wire [PRODUCT_BITS-1:0] product;

    rowan_multiply #(
        .PE_TYPE(PE_TYPE),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PRODUCT_BITS(PRODUCT_BITS)
    ) multiplier (
        .activation(activation),
        .weight(weight),
        .shift(product_shift),
        .product(product_now)
    );

    rowan_delay #(.WIDTH(PRODUCT_BITS), .STAGES(MULTIPLY_LATENCY - 1)) multiply_stages (
        .clock(clock),
        .restart(restart),
        .in(product_now),
        .out(product)
    );

    // Adder: reads the psum MULTIPLY_LATENCY after the issue, writes it, or the FIFO,
    // ACCUMULATE_LATENCY later. The register behind the psum read is one of that latency's, the
    // write itself another.

    localparam READ_STAGES = ACCUMULATE_LATENCY > 1 ? 1 : 0;

    wire [PSUM_BITS-1:0] mac_incoming;
    wire mac;
    wire accumulation;
    wire [PSUM_ADDRESS_BITS-1:0] mac_psum;

    rowan_delay #(.WIDTH(2 + PSUM_ADDRESS_BITS + PSUM_BITS), .STAGES(MULTIPLY_LATENCY)) issued (
        .clock(clock),
        .restart(restart),
        .in({issue_mac, issue_accumulation, psum, incoming}),
        .out({mac, accumulation, mac_psum, mac_incoming})
    );

    // Psums that no MAC of the window has written: they are 0.
    reg [PSUM_SPAD_WORDS-1:0] fresh;
    always @(posedge clock) begin
        if (restart) fresh <= {PSUM_SPAD_WORDS{1'b1}};
        else if (mac || accumulation) fresh[mac_psum] <= accumulation;
    end

    wire add_mac;
    wire add_accumulation;
    wire [PSUM_ADDRESS_BITS-1:0] add_psum;
    wire add_fresh;
    wire [PSUM_BITS-1:0] add_incoming;
    wire [PRODUCT_BITS-1:0] add_product;

    rowan_delay #(
        .WIDTH(3 + PSUM_ADDRESS_BITS + PSUM_BITS + PRODUCT_BITS),
        .STAGES(READ_STAGES)
    ) psum_read (
        .clock(clock),
        .restart(restart),
        .in({mac, accumulation, mac_psum, fresh[mac_psum], mac_incoming, product}),
        .out({add_mac, add_accumulation, add_psum, add_fresh, add_incoming, add_product})
    );

    wire write_mac;
    wire [PSUM_ADDRESS_BITS-1:0] write_psum;
    wire [PSUM_BITS-1:0] stored_psum;

    rowan_scratchpad #(
        .WIDTH(PSUM_BITS),
        .WORDS(PSUM_SPAD_WORDS),
        .REGISTERED(READ_STAGES)
    ) psum_spad (
        .clock(clock),
        .write(write_mac),
        .write_address(write_psum),
        .write_data(out_word),
        .read(mac || accumulation),
        .read_address(mac_psum),
        .read_data(stored_psum)
    );

    wire [PSUM_BITS-1:0] own = add_fresh ? {PSUM_BITS{1'b0}} : stored_psum;
    wire [ADDEND_BITS-1:0] wide_product;
    wire [ADDEND_BITS-1:0] wide_own;
    assign wide_product = {{(ADDEND_BITS - PRODUCT_BITS) {add_product[PRODUCT_BITS-1]}}, add_product};
    assign wide_own = {{(ADDEND_BITS - PSUM_BITS) {own[PSUM_BITS-1]}}, own};
    wire [PSUM_BITS-1:0] sum;

    rowan_add #(
        .PE_TYPE(PE_TYPE),
        .PSUM_BITS(PSUM_BITS),
        .ADDEND_BITS(ADDEND_BITS),
        .SATURATE(SATURATE)
    ) adder (
        .psum(add_mac ? own : add_incoming),
        .addend(add_mac ? wide_product : wide_own),
        .sum(sum)
    );

    rowan_delay #(
        .WIDTH(2 + PSUM_ADDRESS_BITS + PSUM_BITS),
        .STAGES(ACCUMULATE_LATENCY > 2 ? ACCUMULATE_LATENCY - 2 : 0)
    ) add_stages (
        .clock(clock),
        .restart(restart),
        .in({add_mac, add_accumulation, add_psum, sum}),
        .out({write_mac, out_write, write_psum, out_word})
    );

endmodule
