import type { Fact } from "../fact.ts";

const tokens = "Registry data plane: tokens";
const reads = "Registry data plane: reads";
const errors = "Registry data plane: errors";
const docker = "Registry data plane: Docker and Kubernetes";
const names = "Names on a client's machine";

/** How a registry's own hosts answer; part of the azure-wire article. */
export const registryDataFacts: readonly Omit<Fact, "article">[] = [
  {
    id: "azure-wire/acr-challenge",
    section: tokens,
    text: "A request without a token is answered with 401 and a Bearer challenge that names the token address (realm), the service, and for real operations the scope.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-regional-challenge",
    section: tokens,
    text: "The challenge of a regional host has its realm on that host but names the global login server as service, so the two must be taken from it separately.",
    appliesTo: "a real failed pull in another team's first-hand notes",
  },
  {
    id: "azure-wire/acr-token-exchange",
    section: tokens,
    text: "A Microsoft Entra token is exchanged for a refresh token by POST to /oauth2/exchange, and that for an access token of one scope at /oauth2/token.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-exchange-needs-post",
    section: tokens,
    text: "/oauth2/exchange answers 404 to any other verb than POST.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-token-lifetimes",
    section: tokens,
    text: "A registry's refresh token lasts about three hours, an access token about 75 minutes.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-token-audience",
    section: tokens,
    text: "Tokens for registries are meant for https://containerregistry.azure.net; those for ARM are accepted only while the policy azureADAuthenticationAsArmPolicy is on.",
    appliesTo: "read in the SDK, container-registry 1.1.2; the policy is well known, not re-verified",
  },
  {
    id: "azure-wire/acr-token-scopes",
    section: tokens,
    text: "An access token is for scopes such as repository:<name>:pull, :pull,push, :metadata_read or :delete, or registry:catalog:* for the list of repositories.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-anonymous-pull",
    section: tokens,
    text: "A token without credentials is given only by registries with anonymous pull enabled.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-manifests-need-accept",
    section: reads,
    text: "A manifest must be asked for with an Accept list of OCI and Docker types, otherwise an outdated schema or 404 comes back; Docker-Content-Digest holds the digest.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-head-without-body",
    section: reads,
    text: "HEAD of a missing manifest answers 404 without a body, so it cannot say whether the repository or the tag is missing.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-catalog-pages",
    section: reads,
    text: "Lists of repositories come in pages; the next one is a relative address in the Link header, and an empty list may be null.",
    appliesTo: "read in the SDK, container-registry 1.1.2; null is well known, not re-verified",
  },
  {
    id: "azure-wire/acr-locks-on-tags",
    section: reads,
    text: "The list of tags tells digest, times and locks of each tag: whether it may be deleted, overwritten, read and listed.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/acr-locks-race",
    section: reads,
    text: "Races between replicas have turned tags and locks back to an earlier state, so both should be compared.",
    appliesTo: "a public issue thread, not re-verified",
  },
  {
    id: "azure-wire/acr-replication-days",
    section: reads,
    text: "Filling a replica of 2.2 TB took days, and nothing showed its progress.",
    appliesTo: "a public issue thread of 2023, not re-verified",
  },
  {
    id: "azure-wire/acr-data-errors",
    section: errors,
    text: "A registry's own hosts answer errors as a list named errors with code, message and detail, unlike ARM.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-not-found-codes",
    section: errors,
    text: "404 is MANIFEST_UNKNOWN for a missing tag or digest and NAME_UNKNOWN for a missing repository.",
    appliesTo: "Microsoft documentation; in part well known, not re-verified",
  },
  {
    id: "azure-wire/acr-denied-by-network",
    section: errors,
    text: "403 DENIED comes from network rules or disabled public access and names the client's address; 401 UNAUTHORIZED comes from missing or wrong credentials.",
    appliesTo: "Microsoft documentation; in part well known, not re-verified",
  },
  {
    id: "azure-wire/acr-locked-unsupported",
    section: errors,
    text: "Changing or deleting a locked artefact is refused with 405 UNSUPPORTED.",
    appliesTo: "Microsoft documentation; in part well known, not re-verified",
  },
  {
    id: "azure-wire/acr-throttled-429",
    section: errors,
    text: "Throttling answers 429 with the code TOOMANYREQUESTS, at the exchange of tokens too, and a Retry-After is not certain.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-front-door-errors",
    section: errors,
    text: "The service's front door can answer with text that is not JSON, so an error's body may be unreadable.",
    appliesTo: "Microsoft documentation and another team's first-hand notes",
  },
  {
    id: "azure-wire/acr-docker-config-per-host",
    section: docker,
    text: "Docker keeps credentials per host, so the global and each regional host need an entry, although the token is for the registry.",
    appliesTo: "Microsoft documentation; az's login in recorded traffic",
  },
  {
    id: "azure-wire/acr-docker-user",
    section: docker,
    text: "With a refresh token as password, Docker's user name is 00000000-0000-0000-0000-000000000000.",
    appliesTo: "Microsoft documentation; az's login in recorded traffic",
  },
  {
    id: "azure-wire/acr-expose-token",
    section: docker,
    text: "az acr login --expose-token prints the same refresh token under both names, and refuses --endpoint.",
    appliesTo: "Microsoft documentation; az's login in recorded traffic",
  },
  {
    id: "azure-wire/acr-lower-case-references",
    section: docker,
    text: "A registry's name must be written in lower case in image references.",
    appliesTo: "Microsoft documentation",
  },
  {
    id: "azure-wire/acr-aks-regional-pull",
    section: docker,
    text: "A default AKS cluster cannot pull from a regional host without a secret of its own: its credential provider does not match the longer host, pulls anonymously and gets 401.",
    appliesTo: "another team's first-hand notes",
    contradicts: ["acr-geo-operations/aks-signs-in-again"],
  },
  {
    id: "azure-wire/acr-aks-node-image",
    section: docker,
    text: "Microsoft's page on geo-replication asks for AKS node images of 202607.29 or newer where regional hosts are used.",
    appliesTo: "Microsoft documentation, August 2026",
    contradicts: ["acr-geo-operations/aks-signs-in-again"],
  },
  {
    id: "azure-wire/aks-node-image-date",
    section: docker,
    text: "Each node pool of an AKS cluster tells its node image, whose name ends in the date it was made on and a counter, as in 202607.29.0; earlier ones ended like 2021.10.12, and those of Windows in a build of Windows.",
    appliesTo: "Microsoft documentation; the end of Windows images is well known, not re-verified",
  },
  {
    id: "azure-wire/key-address-names-vault",
    section: "Container registries",
    text: "The key of a registry's owner is told by its address, which begins with the name of its vault or managed HSM; where that is only a read of the vault tells.",
    appliesTo: "recorded traffic of the registry; the form of the address is well known, not re-verified",
  },
  {
    id: "azure-wire/dns-lifetime-falls",
    section: names,
    text: "A DNS cache hands an answer out with the time that is left of its lifetime, so that it falls from one question to the next; a name's own servers always tell the same.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/hosts-file-first",
    section: names,
    text: "An entry of the hosts file is usually taken before any DNS server is asked, and stays until somebody edits it.",
    appliesTo: "well known, not re-verified",
  },
  {
    id: "azure-wire/dnsmasq-least",
    section: names,
    text: "With min-cache-ttl dnsmasq keeps answers for longer than the lifetime they came with.",
    appliesTo: "its manual, not re-verified",
  },
  {
    id: "azure-wire/nscd-keeps-hosts",
    section: names,
    text: "nscd keeps the addresses of hosts for all programs of a machine; its positive-time-to-live says for how long, and whether an answer's own lifetime comes first its manual does not say.",
    appliesTo: "its manual on public pages, not re-verified",
  },
];
