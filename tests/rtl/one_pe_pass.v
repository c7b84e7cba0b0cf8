// SPDX-License-Identifier: Apache-2.0
//
// The smallest pass by hand, its cycles worked out from docs/machine.md: one PE, four ifmap words, two
// filters of two words, three windows.
//
// The filter packet issues in T, its words are popped in T+2 to T+5, MACs begin in T+6. A window is 4
// MACs and, 2 cycles after the last round's start, 2 accumulations: 6 cycles. The psums of a window
// can be popped 3 cycles after their accumulation, so that the GON issues in T+14, T+20 and T+26; the
// last is written in T+27.

module one_pe_pass;

  reg clock = 1'b0;
  reg reset = 1'b1;
  reg host_write = 1'b0;
  reg [31:0] host_address = 0;
  reg [63:0] host_write_data = 0;
  wire [63:0] host_read_data;
  wire busy;
  wire [31:0] cycle;
  wire psum_valid;
  wire [31:0] psum_row;
  wire [7:0] psum_words;
  wire [63:0] psum_data;

  integer failures = 0;
  integer packets = 0;

  rowan_machine #(
      .ROWS(1),
      .COLUMNS(1),
      .BANKS(2)
  ) machine (
      .clock(clock),
      .reset(reset),
      .host_write(host_write),
      .host_address(host_address),
      .host_write_data(host_write_data),
      .host_read_data(host_read_data),
      .busy(busy),
      .cycle(cycle),
      .psum_valid(psum_valid),
      .psum_row(psum_row),
      .psum_words(psum_words),
      .psum_data(psum_data)
  );

  always #1 clock = ~clock;

  task write(input [31:0] address, input [63:0] data);
    begin
      host_write = 1'b1;
      host_address = address;
      host_write_data = data;
      @(negedge clock);
      host_write = 1'b0;
    end
  endtask

  task expect_word(input [31:0] address, input [63:0] data);
    begin
      host_address = address;
      @(negedge clock);
      if (host_read_data !== data) begin
        $display("FAIL: %h is %0d, not %0d", address, host_read_data, data);
        failures = failures + 1;
      end
    end
  endtask

  // Windows of the ifmap 1 2 3 4 with the filters (1, 100) and (10, -1).
  always @(negedge clock) begin
    if (psum_valid) begin
      if (cycle !== 14 + 6 * packets || psum_row !== packets || psum_words !== 2
          || psum_data[15:0] !== 201 + 101 * packets || psum_data[31:16] !== 8 + 9 * packets) begin
        $display("FAIL: cycle %0d: row %0d, %0d words: %0d %0d", cycle, psum_row, psum_words,
                 psum_data[15:0], psum_data[31:16]);
        failures = failures + 1;
      end
      packets = packets + 1;
    end
  end

  integer i;
  initial begin
    @(negedge clock);
    @(negedge clock);
    reset = 1'b0;
    for (i = 0; i < 4; i = i + 1) write(32'h10000000 + i, i + 1);  // ifmap
    write(32'h20000000, 1);  // filters: word 0 of both, then word 1
    write(32'h20000001, 10);
    write(32'h20000002, 100);
    write(32'h20000003, -1);
    write(32'h00000002, 0);
    write(32'h00000003, 0);
    write(32'h00000004, 1);  // psums in bank 1
    write(32'h00000005, 1);
    write(32'h00000006, 0);
    write(32'h00000007, 0);
    write(32'h00000008, 0);
    // Networks: steps, bases, repeats.
    for (i = 0; i < 4; i = i + 1) begin
      write(16 + 8 * i, 1);
      write(17 + 8 * i, i == 1 ? 4 : 1);
      write(18 + 8 * i, i < 2 ? 1 : 3);
      write(19 + 8 * i, 0);
    end
    write(32'h40000000, 64'h00000004_00000000);
    write(32'h50000000, 64'h00000001_00000000);
    write(32'h70000000, 64'h00000002_00000000);
    for (i = 0; i < 4; i = i + 1) write(32'h90000000 + i, i);
    // The PE: active, to the GON; 2 psums, 1 image, 3 windows, 4 words, runs of 1, 2 of them.
    write(32'hc0000000, 9);
    write(32'hc0000001, 2);
    write(32'hc0000002, 1);
    write(32'hc0000003, 3);
    write(32'hc0000004, 4);
    write(32'hc0000005, 1);
    write(32'hc0000006, 2);
    write(32'hc0000007, 1);
    write(32'hc0000008, 1);
    for (i = 9; i < 15; i = i + 1) write(32'hc0000000 + i, 0);

    write(32'h00000000, 1);
    for (i = 0; i < 100 && busy; i = i + 1) @(negedge clock);

    expect_word(32'h00000000, 1);
    expect_word(32'h00000001, 27);
    expect_word(20, 1);  // filter packets
    expect_word(28, 4);  // ifmap packets
    expect_word(29, 0);
    expect_word(44, 3);  // GON packets
    expect_word(32'h30000000, 201);
    expect_word(32'h30000001, 8);
    expect_word(32'h30000009, 26);
    expect_word(32'hc0000000, 18);  // busy
    expect_word(32'hc0000001, 6);   // filter_load
    for (i = 2; i < 6; i = i + 1) expect_word(32'hc0000000 + i, 0);
    if (packets != 3) failures = failures + 1;
    if (failures == 0) $display("PASS: %0d packets", packets);
    else $display("FAIL: %0d packets, %0d differences", packets, failures);
    $finish;
  end

endmodule
