// SPDX-License-Identifier: Apache-2.0
//
// A multicast controller: whether a packet is for this PE. A PE without a part in the pass takes
// none; the row ID of all ones is nobody's.

module rowan_multicast #(
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4
) (
    input  wire                      active,
    input  wire [   ROW_ID_BITS-1:0] row,
    input  wire [COLUMN_ID_BITS-1:0] column,
    input  wire [   ROW_ID_BITS-1:0] packet_row,
    input  wire [COLUMN_ID_BITS-1:0] packet_column,
    output wire                      addressed
);

    assign addressed = active && !(&row) && row == packet_row && column == packet_column;

endmodule
