import type { Fact } from "../fact.ts";

const dotnet = "Scenario 1: Your .NET Application Crashes at Startup";
const django = "Scenario 2: Your Django Application Fails to Start";
const job = "Scenario 3: Your Container App Job Fails Silently or Times Out";
const checklist = "Summary: Your Startup Troubleshooting Checklist";
const idle = "Scenario 1: Requests Spike to 10+ Seconds After a Period of Inactivity";
const imports = "Scenario 3: Django Startup Is Slow Due to Import Time";
const limits = "Scenario 4: Resource Limits Are Causing Throttling and Slow Responses";

/** What the articles on Container Apps say of causes and what to do about them. */
export const kqlTriageFacts: readonly Fact[] = [
  {
    id: "container-apps-startup/double-underscore",
    article: "container-apps-startup",
    section: dotnet,
    text: "A .NET setting with colons is given as an environment variable with two underscores in place of each colon.",
  },
  {
    id: "container-apps-startup/connection-refused",
    article: "container-apps-startup",
    section: dotnet,
    text: "A refused connection at the start is mostly a wrong or missing connection string: a database server that is not where the application looks, or localhost.",
  },
  {
    id: "container-apps-startup/django-checks-settings",
    article: "container-apps-startup",
    section: django,
    text: "Django looks at its settings when it starts, and serves nothing without its secret key or for hosts that it was not told of.",
  },
  {
    id: "container-apps-startup/django-secret-key",
    article: "container-apps-startup",
    section: django,
    text: "Django's secret key is kept as a secret of the app and given as an environment variable that refers to it; the article's own variable is DJANGO_SECRET_KEY, its error line names SECRET_KEY, so the name in the line counts.",
  },
  {
    id: "container-apps-startup/allowed-hosts",
    article: "container-apps-startup",
    section: django,
    text: "ALLOWED_HOSTS has to have the address of the app's ingress.",
  },
  {
    id: "container-apps-startup/collectstatic-in-image",
    article: "container-apps-startup",
    section: django,
    text: "Static files are to be collected while the image is built, with a secret key that is only there for that, and not when the container starts.",
  },
  {
    id: "container-apps-startup/listen-on-all",
    article: "container-apps-startup",
    section: django,
    text: "The application has to listen on all addresses of its container (0.0.0.0): from 127.0.0.1 the ingress does not reach it.",
  },
  {
    id: "container-apps-startup/target-port",
    article: "container-apps-startup",
    section: django,
    text: "The port on which the application listens and the target port of the ingress have to be the same.",
  },
  {
    id: "container-apps-startup/realistic-timeout",
    article: "container-apps-startup",
    section: job,
    text: "A replica timeout is set by how long the job really takes, and some more; a retry limit decides how often it is tried again.",
  },
  {
    id: "container-apps-startup/enough-resources",
    article: "container-apps-startup",
    section: checklist,
    text: "Too little memory or processor ends a container while it starts.",
  },
  {
    id: "container-apps-cold-start/smaller-image",
    article: "container-apps-cold-start",
    section: idle,
    text: "Each megabyte of an image makes a cold start longer; building in stages leaves out what is needed for building alone.",
  },
  {
    id: "container-apps-cold-start/startup-probe",
    article: "container-apps-cold-start",
    section: idle,
    text: "A startup probe of its own gives a slow application time, such as 12 tries 5 seconds apart, before the liveness probe counts.",
  },
  {
    id: "container-apps-cold-start/slow-imports",
    article: "container-apps-cold-start",
    section: imports,
    text: "Python reads every imported module at the start, in each worker: measure the imports, import late what is heavy, and keep workers few.",
  },
  {
    id: "container-apps-cold-start/throttled-without-error",
    article: "container-apps-cold-start",
    section: limits,
    text: "A container at its processor limit is slowed down without any error; only its usage near the limit shows it.",
  },
  {
    id: "azure-wire/unresolved-service-is-not-registered",
    article: "azure-wire",
    section: "Log Analytics: tables",
    text: "Unable to resolve service for type means that nothing was registered under that type; a setting that is missing is a reason only where the registration depends on it.",
    appliesTo: "the text of .NET's own dependency injection; first-hand notes, not re-verified",
  },
  {
    id: "azure-wire/scale-in-is-manually-stopped",
    article: "azure-wire",
    section: "Log Analytics: tables",
    text: "A replica that is scaled in is logged as a warning, too: ContainerTerminated, with an empty exit code and the reason ManuallyStopped; that is no crash.",
    appliesTo: "reported by users; not re-verified",
  },
  {
    id: "azure-wire/crash-lines-lost",
    article: "azure-wire",
    section: "Log Analytics: tables",
    text: "With destination azure-monitor, lines of containers that crash have been missing that were there with destination log-analytics.",
    appliesTo: "reported by users (microsoft/azure-container-apps#699); not re-verified",
  },
];
