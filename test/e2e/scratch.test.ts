import { openDouble } from "./azure-double.ts";
import { runCli, startCli } from "./cli.ts";
import { test } from "vitest"; test("x", async () => {
let d: any;
const show = async (args: string[], env: any={}, quiet=false) => {
  const t=performance.now(); d.seen.length=0; d.connects.length=0;
  const r = await runCli(d, args, {env});
  console.log("$", args.join(" "), JSON.stringify(env), "->", r.exit, Math.round(performance.now()-t)+"ms");
  console.log(r.stdout); console.log(r.stderr);
  if (!quiet) console.log(d.seen.map((s:any)=>`${s.status} ${s.method} ${s.host}${s.path}`).join("\n"));
};
const A=["odcr","attach","--vm","shop-web-01","--apply","--yes"];
d = await openDouble({wire: "chunked-close"});
await show(["odcr","status"],{},true);
await show(["odcr","status"],{AZURE_CLIENT_SECRET:"wrong"},true);
await show(["odcr","status"],{NODE_EXTRA_CA_CERTS:undefined});
await show(["odcr","status"],{HTTPS_PROXY:"127.0.0.1:9"});
await show(["odcr","status"],{AZURE_CLIENT_SECRET:""});
await show(["odcr","status"],{AZURE_TENANT_ID:"A0000000-0000-4000-8000-00000000000A",AZURE_SUBSCRIPTION_ID:"5A000000-0000-4000-8000-000000000001"},true);
await show(["odcr","status"],{AZURE_SUBSCRIPTION_ID:"5b000000-0000-4000-8000-000000000003"});
await d.close();
for (const f of [
 [{name:"throttle",match:{path:"/virtualMachines/"},times:2,skip:0}],
 [{name:"throttle-no-retry-after",match:{method:"PATCH"},times:1,skip:0}],
 [{name:"lost-after",match:{method:"PATCH",path:"/virtualMachines/"},times:1,skip:0}],
 [{name:"lost-after",match:{method:"PATCH",path:"/capacityReservations/"},times:1,skip:0}],
 [{name:"foreign-poll",match:{method:"PATCH",path:"/virtualMachines/"},times:1,skip:0}],
 [{name:"foreign-poll",match:{method:"PUT"},times:1,skip:0}],
 [{name:"allocation-failed",match:{method:"PATCH",path:"/capacityReservations/"},times:1,skip:0}],
]) {
  d = await openDouble({edit: (w:any)=>{w.faults=f}});
  console.log(JSON.stringify(f));
  await show(A);
  console.log("attacks", d.attacks, d.connects.includes("attacker.example"));
  await d.close();
}
}, 300000);
