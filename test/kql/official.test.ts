import { expect, test } from "vitest";
import { loadParser } from "../../src/kql/official.ts";
import { readQueryWith } from "../../src/kql/read-query.ts";
import { runQuery } from "../../src/kql/run.ts";
import { QueryError } from "../../src/kql/syntax.ts";
import { table } from "./kql.ts";

const T = table(
  "a:long, b:string, t:datetime, d:dynamic, r:real, i:int, s:timespan, bo:bool, g:guid, m:decimal",
  [],
);
const U = table("a:long, b:long, z:string", []);

/** Each is run over no rows, and its names and types are those that the official analysis gives. */
const QUERIES = [
  "T | project startofmonth(t), startofyear(t), format_timespan(s,'h'), unixtime_seconds_todatetime(a), log2(a)",
  "T | project d['a b'], d.x[0].y, d[a], toguid(b), tobool(b), toobject(b), a in (1,2), -a, bo and bo",
  "T | summarize dcount(d.x), max(a+1), sum(a*2), countif(a>1), avgif(a,bo), make_set(d['a b']), max(bin(t,1h))",
  "T | summarize arg_max(todouble(b), *)",
  "T | where d.x > 5 and d.y < d.z and t == '2024-01-01' and g == 'x' and a == '5' and bo > true",
  "T | where b in (d) and d has_any ('a') and d.x in (1,2) and b has d.x and a in ('x')",
  "T | where a > 1 and b has 'x' or bo | take 5",
  "T | project i+i, a+a, a+r, i+a, i/i, a/a, a/r, m*r, d.x+1, d.x*d.y, a%a, r%a, -a, -r",
  "T | project t-t, t+s, t-s, s+s, s-s, s*2, 2*s, s/s, s/2, s%s, t%s, -s",
  "T | project d.x.y, d['q'], d[0], tostring(d.x), bin(t,1h), strcat(b,b), toint(b), startofday(t), a==1, 5",
  "T | project iff(bo,1,2), iff(bo,1,2.0), case(bo,'a','b'), coalesce(a,1), coalesce(b,'x'), d.x",
  "T | project min_of(a,r), max_of(a,i), round(r), round(r,1), floor(a,5), abs(a), abs(i), abs(r), abs(s)",
  "T | project bin(a,2), bin(r,2), bin(i,2), bin(s,1h), bin(a,2.0), ceiling(r), log(r), exp(r), pow(a,2), sqrt(r)",
  "T | project todecimal(b), tolong(r), todouble(d.x), toreal(b), tobool(b), todatetime(b), totimespan(b), toguid(b)",
  "T | project hourofday(t), dayofweek(t), getyear(t), getmonth(t), dayofmonth(t), endofday(t), startofweek(t)",
  "T | project now(), ago(1h), datetime_diff('hour',t,t), datetime_add('day',1,t), format_datetime(t,'yyyy')",
  "T | project strlen(b), substring(b,1), split(b,','), trim('x',b), replace_string(b,'a','b'), indexof(b,'x')",
  "T | project extract('a',0,b), extract('a',0,b,typeof(long)), parse_json(b), todynamic(b), array_length(d)",
  "T | project isempty(b), isnotempty(b), isnull(a), isnotnull(a), not(bo), tolower(b), toupper(b), pack('a',1)",
  "T | project parse_ipv4(b), ipv4_is_private(b), ipv4_is_in_range(b,'10.0.0.0/8'), pack_array(1,2)",
  "T | project strcat_delim(',',b,b), strcat_array(d,','), bag_keys(d), replace_regex(b,'a','b'), array_index_of(d,1)",
  "T | project x=a, b, bo",
  "T | extend a=tostring(a), d.x, n=1",
  "T | extend strlen(b), 5, a+1",
  "T | summarize count(), dcount(b), sum(a), sum(i), avg(a), min(t), max(a), percentile(r,95) by b, bin(t,5m)",
  "T | summarize sum(r), sum(s), sum(m), avg(s), avg(r), countif(bo), sumif(a,bo), avgif(a,bo), dcountif(b,bo)",
  "T | summarize minif(a,bo), maxif(t,bo), stdev(a), stdevif(r,bo), variance(a), stdevp(a), variancep(r)",
  "T | summarize make_list(b), make_set(d.x), make_list(a,5), any(b), take_any(a), percentile(t,50)",
  "T | summarize arg_max(t,*) by b",
  "T | summarize arg_max(t,*) by bin(t,1h)",
  "T | summarize arg_min(t,b,a)",
  "T | summarize x=arg_max(t,b), (p,q)=arg_max(t,b) by i",
  "T | summarize percentiles(a,50,95)",
  "T | summarize (m,n)=percentiles(r,5,6) by b",
  "T | summarize avg(a)/2, round(avg(a),1), x=100.0*countif(bo)/count(), toint(sum(a))",
  "T | summarize avg(todouble(b))/1000, max(todouble(d.x))",
  "T | summarize by b, tostring(d.x)",
  "T | summarize count() by b, tolower(b), x=a%2",
  "T | distinct b, a",
  "T | project-away d | distinct *",
  "T | top 5 by a desc",
  "T | order by b asc, a",
  "T | count",
  "T | join kind=inner U on a",
  "T | join U on a, $left.b == $right.z",
  "T | join kind=leftouter (U | project a, z) on a",
  "T | join kind=fullouter U on a",
  "T | join kind=leftanti U on $left.a == $right.b",
  "T | join kind=rightsemi U on a",
  "T | union U",
  "union withsource=S T, U",
  "union U, (U | project a)",
  "T | project-away d*, a",
  "T | project-keep b, a",
  "T | project-keep b*",
  "T | project-reorder t, b",
  "T | project-rename q=t",
  "T | parse b with * 'x' y:long ' ' z",
  "T | parse-where b with x ':' *",
  "T | mv-expand d",
  "T | mv-expand x=d.y to typeof(long), q=d",
  "T | mv-expand d.y to typeof(string)",
  "print 1, x=2, 'a', 1h, datetime(2024-01-01), dynamic({'a':1}), real(1), 1.5, true, int(1)",
  "let x = 5; let V = T | where a > x; V | project a + x",
  "let f = datatable(n:string, v:long) ['a', 1, 'b', 2]; f | where n in~ ('A')",
  "T | where t between (ago(1d) .. now()) and i !between (1 .. 5) and b has_any ('a','b') | render timechart",
];

test.for(QUERIES)("%s", async (text) => {
  const parser = await loadParser();
  const tables = new Map([
    ["T", T],
    ["U", U],
  ]);
  const schemas = [...tables].map(([name, { columns }]) => ({ name, columns }));
  const { columns, diagnostics } = parser.parse(text, schemas);
  const answer = runQuery(readQueryWith(parser, text), { tables, now: new Date(0) });

  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const show = (each: { name: string; type: string }): string => `${each.name}:${each.type}`;
  expect(answer.columns.map(show)).toEqual(columns?.map(show));
  expect(() => [...answer.rows]).not.toThrow();
});

/** What the official analysis refuses is refused here, too, and not answered in some way of our own. */
test.for([
  "T | where nope == 1",
  "T | where b > 5",
  "T | where b > 'x'",
  "T | where g > g",
  "T | where d.x >= 'a'",
  "T | where t > '2024'",
  "T | where b has 5",
  "T | where a has 'x'",
  "T | where a matches regex 'x'",
  "T | where d",
  "T | where a",
  "T | where not(d.x)",
  "T | where a and bo",
  "T | project iff(a,1,2)",
  "T | project a, a",
  "T | project x=a, x=b",
  "T | extend (x, y) = a",
  "T | project startofday(d)",
  "T | project strlen(a)",
  "T | project b + 1",
  "T | summarize sum(d.x)",
  "T | summarize avg(d.x)",
  "T | summarize sum(b)",
  "T | summarize min(d.x)",
  "T | summarize count(1, 2)",
  "T | summarize a",
  "T | join U on $left.b == $right.a",
  "T | join U on nope",
  "T | take bo",
  "T | project-away nope",
  "T | project-rename q=nope",
  "T | project nope(a)",
  "T | project strcat()",
  "nope | take 1",
  "T | mv-expand a",
])("%s is refused", async (text) => {
  const parser = await loadParser();
  const tables = new Map([
    ["T", T],
    ["U", U],
  ]);
  const schemas = [...tables].map(([name, { columns }]) => ({ name, columns }));
  const { diagnostics } = parser.parse(text, schemas);
  expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  expect(() => runQuery(readQueryWith(parser, text), { tables, now: new Date(0) })).toThrow(QueryError);
});
