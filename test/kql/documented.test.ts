import { expect, test } from "vitest";
import { ask, value } from "./kql.ts";

// Values that Microsoft's pages on operators and functions give, and what follows from their rules.

test.for<[string, unknown]>([
  ["14 % 12", 2],
  ["-14 % 12", 10],
  ["14 % -12", 2],
  ["-14 % -12", 10],
  ["-5.5 % 2", 0.5],
  ["bin(4.5, 1)", 4],
  ["bin(time(16d), 7d)", "14.00:00:00"],
  ["bin(datetime(1970-05-11 13:45:07), 1d)", "1970-05-11T00:00:00Z"],
  ["bin(5, -2)", null],
  ["bin(5, 0)", null],
  ["bin(2h, -1h)", null],
  ["parse_ipv4('192.168.1.1')", 3232235777],
  ["parse_ipv4('192.168.1.1/24')", 3232235776],
  ["parse_ipv4('255.255.255.255/31')", 4294967294],
  ["parse_ipv4('10.0.0.0/33')", null],
  ["ipv4_is_private('192.168.1.1/24')", true],
  ["ipv4_is_private('10.1.2.3/24')", true],
  ["ipv4_is_private('202.1.2.3')", false],
  ["ipv4_is_private('127.0.0.1')", false],
  ["ipv4_is_in_range('192.168.1.6', '192.168.1.0/24')", true],
  ["ipv4_is_in_range('192.168.2.1', '192.168.1.0/24')", false],
  ["toint('123') == 123", true],
  ["toint(2.3)", 2],
  ["toint('3000000000')", null],
  ["toint(3000000000)", null],
  ["toint('-2147483648')", -2147483648],
  ["tolong('3000000000')", 3000000000],
  ["format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF')", "29.09:00:05:12"],
  ["format_timespan(time(29.09:00:05.12345), 'ddd.h:mm:ss [fffffff]')", "029.9:00:05 [1234500]"],
  ["format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')", "17-01-29 [09:00:05]"],
  ["format_datetime(datetime(2017-01-29 09:00:05), 'yyyy-M-dd [H:mm:ss]')", "2017-1-29 [9:00:05]"],
  ["format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [hh:mm:ss tt]')", "17-01-29 [09:00:05 AM]"],
  ["format_datetime(datetime(2009-06-15), 'y')", "9"],
  ["format_datetime(datetime(2019-06-15), 'y')", "19"],
  ["format_datetime(datetime(1900-01-01), 'y')", "0"],
  ["format_datetime(datetime(1900-01-01), 'yy')", "00"],
])("%s", async ([expression, expected]) => {
  expect(await value(expression)).toEqual(expected);
});

test("the mean of nothing is no number, which is neither more nor less than another, and sorts before all", async () => {
  const { rows } = await ask(`datatable(x: real) [1, real(nan), real(null), -1]
    | order by x asc | extend isMore = x >= 0, isNo = isnan(x)`);

  expect(rows).toEqual([
    [null, null, null],
    ["NaN", false, true],
    [-1, false, false],
    [1, true, false],
  ]);
});

test.for<[string, string | null]>([
  ["2014-05-25T08:20:03.123456Z", "2014-05-25T08:20:03.123456Z"],
  ["2014-05-25T08:20", "2014-05-25T08:20:00Z"],
  ["2014-11-08 15:55:55.123456Z", "2014-11-08T15:55:55.123456Z"],
  ["2014-11-08", "2014-11-08T00:00:00Z"],
  ["Sat, 8 Nov 14 15:05:02 GMT", "2014-11-08T15:05:02Z"],
  ["Sat, 8 Nov 14 15:05", "2014-11-08T15:05:00Z"],
  ["8 Nov 14 15:05:02", "2014-11-08T15:05:02Z"],
  ["8 Nov 14 15:05 GMT", "2014-11-08T15:05:00Z"],
  ["Sat, 08 Nov 2014 15:05:02 GMT", "2014-11-08T15:05:02Z"],
  ["Saturday, 08-Nov-14 15:05:02 GMT", "2014-11-08T15:05:02Z"],
  ["08-Nov-14 15:05", "2014-11-08T15:05:00Z"],
  ["2014-11-08 15:05:25 GMT", "2014-11-08T15:05:25Z"],
  ["2014-11-08T15:05 GMT", "2014-11-08T15:05:00Z"],
  ["02/17/2016 08:40:00", "2016-02-17T08:40:00Z"],
  ["17/02/2016 08:40:00", null],
  ["31 Feb 14 10:00", null],
  ["8 Nov 14", null],
])("a datetime may be written as %s", async ([text, expected]) => {
  expect(await value(`todatetime('${text}')`)).toBe(expected);
});

test("arg_max over missing keys keeps a row", async () => {
  const fruit = `datatable(Fruit: string, Color: string, Version: int) [
    "Apple", "Red", 1, "Apple", "Green", int(null), "Banana", "Yellow", int(null),
    "Banana", "Green", int(null), "Pear", "Brown", 1, "Pear", "Green", 2]`;

  expect((await ask(`${fruit} | summarize arg_max(Version, *) by Fruit`)).rows).toEqual([
    ["Apple", 1, "Red"],
    ["Banana", null, "Yellow"],
    ["Pear", 2, "Green"],
  ]);
  expect((await ask(`${fruit} | where Version > 1 | summarize arg_min(Version, *) by Fruit`)).rows).toEqual([
    ["Pear", 2, "Green"],
  ]);
});

test.for<[string, unknown[][]]>([
  [
    "1, dynamic([10, 20]), 2, dynamic(['a', 'b'])] | mv-expand b",
    [
      [1, 10],
      [1, 20],
      [2, "a"],
      [2, "b"],
    ],
  ],
  ["1, dynamic([]), 2, dynamic({}), 3, dynamic(null)] | mv-expand b", [[3, null]]],
  [
    "1, dynamic(['1', 2, 2.5])] | mv-expand b to typeof(long)",
    [
      [1, null],
      [1, 2],
      [1, null],
    ],
  ],
  [
    "1, dynamic([1, 'x'])] | mv-expand b to typeof(real)",
    [
      [1, 1],
      [1, null],
    ],
  ],
  [
    "1, dynamic([true, 1])] | mv-expand b to typeof(bool)",
    [
      [1, true],
      [1, null],
    ],
  ],
  ["1, dynamic(['2007-04-07T00:00:00Z'])] | mv-expand b to typeof(datetime)", [[1, "2007-04-07T00:00:00Z"]]],
  [
    '1, dynamic({"prop1": "a1", "prop2": "b1"})] | mv-expand b',
    [
      [1, { prop1: "a1" }],
      [1, { prop2: "b1" }],
    ],
  ],
])("[%s", async ([rest, expected]) => {
  expect((await ask(`datatable(a: int, b: dynamic) [${rest}`)).rows).toEqual(expected);
});

test("of two lists, the longer one decides", async () => {
  const { rows } = await ask(
    "print b = dynamic({'prop1': 'a', 'prop2': 'b'}), c = dynamic([5, 4, 3]) | mv-expand b, c",
  );

  expect(rows).toEqual([
    [{ prop1: "a" }, 5],
    [{ prop2: "b" }, 4],
    [null, 3],
  ]);
});

test("a column that has its name already keeps it in a union, and the other's is made another", async () => {
  const { columns, rows } = await ask(`let View_1 = print x = 1;
    let View_2 = print x = toint(2);
    let View_3 = print x_long = 3;
    union View_1, View_2, View_3`);

  expect(columns).toEqual(["x_long1:long", "x_int:int", "x_long:long"]);
  expect(rows).toEqual([
    [1, null, null],
    [null, 2, null],
    [null, null, 3],
  ]);
});

test("parse reads the page's first example", async () => {
  const text =
    "Event: NotifySliceRelease (resourceName=PipelineScheduler, totalSlices=27, sliceNumber=15, lockTime=02/17/2016 08:40:00, releaseTime=02/17/2016 08:40:00, previousLockTime=02/17/2016 08:39:00)";
  const pattern =
    '* "resourceName=" resourceName ", totalSlices=" totalSlices: long * "sliceNumber=" sliceNumber: long * "lockTime=" lockTime ", releaseTime=" releaseTime: date "," * "previousLockTime=" previousLockTime: date ")" *';
  const { rows } = await ask(`print EventText = "${text}" | parse EventText with ${pattern}
    | project resourceName, totalSlices, sliceNumber, lockTime, releaseTime, previousLockTime`);

  expect(rows).toEqual([
    ["PipelineScheduler", 27, 15, "02/17/2016 08:40:00", "2016-02-17T08:40:00Z", "2016-02-17T08:39:00Z"],
  ]);
});
