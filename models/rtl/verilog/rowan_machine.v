// SPDX-License-Identifier: Apache-2.0
//
// A row-stationary accelerator for one processing pass: array, networks, global buffer and the
// controller with its host port (docs/rtl.md). Timing: docs/machine.md, section 3.

module rowan_machine #(
    parameter ROWS = 12,
    parameter COLUMNS = 14,

    // Arithmetic. PE_TYPE: 0 integers, 1 lightpe1, 2 lightpe2, 3 fp32.
    parameter PE_TYPE = 0,
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16,  // kept of a shifted product; 32 with fp32
    parameter PSUM_BITS = 16,
    parameter SATURATE = 0,
    parameter MULTIPLY_LATENCY = 1,
    parameter ACCUMULATE_LATENCY = 2,
    parameter ZERO_GATING = 1,

    parameter IFMAP_SPAD_WORDS = 12,
    parameter FILTER_SPAD_WORDS = 224,
    parameter PSUM_SPAD_WORDS = 24,
    parameter IFMAP_FIFO_WORDS = 4,
    parameter FILTER_FIFO_WORDS = 8,
    parameter PSUM_IN_FIFO_WORDS = 24,
    parameter PSUM_OUT_FIFO_WORDS = 24,

    parameter LOCAL_WIDTH_BITS = 64,
    parameter FILTER_GIN_WIDTH_BITS = 64,
    parameter FILTER_GIN_ROW_ID_BITS = 4,
    parameter FILTER_GIN_COLUMN_ID_BITS = 4,
    parameter FILTER_GIN_LATENCY = 1,
    parameter IFMAP_GIN_WIDTH_BITS = 16,
    parameter IFMAP_GIN_ROW_ID_BITS = 4,
    parameter IFMAP_GIN_COLUMN_ID_BITS = 5,
    parameter IFMAP_GIN_LATENCY = 1,
    parameter PSUM_GIN_WIDTH_BITS = 64,  // and the GON's
    parameter PSUM_GIN_ROW_ID_BITS = 4,
    parameter PSUM_GIN_COLUMN_ID_BITS = 4,
    parameter PSUM_GIN_LATENCY = 1,
    parameter GON_LATENCY = 1,

    parameter READ_LATENCY = 1,
    parameter BANKS = 25,
    parameter FILTER_BANKS = 2,
    parameter BANK_ROWS = 512,
    parameter ROW_WIDTH_BITS = 64,
    parameter PSUM_BANK_PORTS = 2,
    parameter PSUM_BANK_INTERLEAVING_BLOCK = 0,
    parameter PSUM_BANK_PRIORITY_WRITE = 0,

    // Entries of the packet tables.
    parameter FILTER_STEPS = 1024,
    parameter FILTER_BASES = 1,
    parameter IFMAP_STEPS = 1024,
    parameter IFMAP_BASES = 1024,
    parameter PSUM_GIN_STEPS = 1024,
    parameter PSUM_GIN_BASES = 1024,
    parameter GON_STEPS = 1024,
    parameter GON_BASES = 1024
) (
    input  wire        clock,
    input  wire        reset,
    input  wire        host_write,
    input  wire [31:0] host_address,
    input  wire [63:0] host_write_data,
    output wire [63:0] host_read_data,
    output wire        busy,
    output wire [31:0] cycle,
    output wire        psum_valid,
    output wire [31:0] psum_row,
    output wire [ 7:0] psum_words,
    output wire [(PSUM_GIN_WIDTH_BITS < PSUM_BITS ? 1 : PSUM_GIN_WIDTH_BITS / PSUM_BITS) * PSUM_BITS
                 - 1:0] psum_data
);

endmodule
