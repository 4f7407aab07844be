import { accessRoutes } from "./access.ts";
import { answerArm } from "./arm.ts";
import { associationRoutes } from "./compute/association.ts";
import { groupRoutes } from "./compute/groups.ts";
import { machineRoutes } from "./compute/machines.ts";
import { operationRoutes } from "./compute/operations.ts";
import { powerRoutes } from "./compute/power.ts";
import { reservationRoutes } from "./compute/reservations.ts";
import { sizeRoutes } from "./compute/sizes.ts";
import { containerRoutes } from "./containers/reads.ts";
import { doomOf, faultReply, FOREIGN_ORIGIN, misdirect, withoutTheEnd } from "./fault-replies.ts";
import { replyOfRefusal, takeFault, withoutEffect } from "./faults.ts";
import { graphRoutes } from "./graph.ts";
import { SandboxConnectionLost, type SandboxRequest, type SandboxResponse } from "./handler.ts";
import { openCall, type Call, type Reply, type State } from "./http.ts";
import { priceRoutes } from "./prices.ts";
import { networkRoutes } from "./network/reads.ts";
import { answerData } from "./registry/data.ts";
import { findDataHost, isDataCall } from "./registry/data-hosts.ts";
import { registryOperationRoutes } from "./registry/operations.ts";
import { registryRoutes } from "./registry/registries.ts";
import { replicationRoutes } from "./registry/replications.ts";
import { resourceListRoutes } from "./resource-list.ts";
import { commonHeaders } from "./response-headers.ts";
import { matchPath, type Route } from "./route.ts";
import { settleOperations } from "./settle.ts";
import { signInRoutes } from "./sign-in.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { askedStream } from "./workspace/ingestion-calls.ts";
import { collectionRuleRoutes } from "./workspace/ingestion-rules.ts";
import { answerIngestion } from "./workspace/ingestion.ts";
import { askedWorkspace } from "./workspace/log-calls.ts";
import { workspaceRoutes } from "./workspace/workspaces.ts";
import type { FaultName } from "./world.ts";

const armRoutes: readonly Route[] = [
  ...subscriptionRoutes,
  ...machineRoutes,
  ...associationRoutes,
  ...powerRoutes,
  ...groupRoutes,
  ...reservationRoutes,
  ...operationRoutes,
  ...sizeRoutes,
  ...graphRoutes,
  ...accessRoutes,
  ...registryRoutes,
  ...replicationRoutes,
  ...registryOperationRoutes,
  ...networkRoutes,
  ...resourceListRoutes,
  ...workspaceRoutes,
  ...containerRoutes,
  ...collectionRuleRoutes,
];

/** What is answered without a token. */
const openRoutes: readonly Route[] = [...signInRoutes, ...priceRoutes];

/** Answers one request at one moment; nothing else happens to the world meanwhile. */
export function respond(state: State, request: SandboxRequest): SandboxResponse | SandboxConnectionLost {
  settleOperations(state);
  const call = openCall(state, request);
  if (call.origin === FOREIGN_ORIGIN) return new SandboxConnectionLost(false);
  if (isDataCall(call) && !findDataHost(call)) return new SandboxConnectionLost(false, "ENOTFOUND");
  const fault = takeFault(call);
  if (fault === "lost-before") return new SandboxConnectionLost(false);
  const reply = (fault && faultReply(call, fault)) ?? act(call, fault);
  if (fault === "lost-after") return new SandboxConnectionLost(true);
  if (fault === "partial-answer") return toResponse(call, withoutTheEnd(reply));
  return toResponse(call, fault === "foreign-poll" ? misdirect(call, reply) : reply);
}

function act(call: Call, fault: FaultName | undefined): Reply {
  if (fault) call.doom = doomOf(fault);
  call.strayed = fault === "wrong-tenant";
  const answer = (): Reply => replyOfRefusal(() => dispatch(call));
  return fault === "silent-no-op" ? withoutEffect(call, answer) : answer();
}

/** By path and not by host, because one server may stand for several hosts of Azure; registries have hosts of their own. */
function dispatch(call: Call): Reply {
  if (isDataCall(call)) return answerData(call);
  if (askedWorkspace(call) !== undefined && call.state.logs) return call.state.logs.query(call);
  if (askedStream(call) && call.method === "POST") return answerIngestion(call);
  const open = matchPath(openRoutes, call.path).find(({ route }) => route.method === call.method);
  if (!open) return answerArm(call, armRoutes);
  call.params = open.params;
  return open.route.answer(call);
}

function toResponse(call: Call, reply: Reply): SandboxResponse {
  const { status, headers = {}, raw } = reply;
  const type = raw?.contentType ?? "application/json; charset=utf-8";
  const body = raw?.text ?? serialise(reply);
  const content: Record<string, string> = body === "" && !raw ? {} : { "content-type": type };
  return { status, headers: { ...commonHeaders(call, status), ...content, ...headers }, body };
}

function serialise({ body, pretty }: Reply): string {
  if (body === undefined) return "";
  return pretty ? JSON.stringify(body, null, 2).replaceAll("\n", "\r\n") : JSON.stringify(body);
}
