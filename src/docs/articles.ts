import type { Article } from "./fact.ts";

/** Facts of this article come from traffic, SDK source and vendor documentation, not from one page. */
const observations: Article = {
  id: "azure-wire",
  title: "Azure on the wire: how the services answer",
  publisher: "azwise project",
  published: "2026-11-21",
  url: null,
};

type CommunityArticle = Omit<Article, "publisher">;

const community: readonly CommunityArticle[] = [
  {
    id: "fabric-databricks",
    title: "Streaming and Batch Data Architectures with Microsoft Fabric to Azure Databricks",
    published: "2026-06-09",
    url: "https://techcommunity.microsoft.com/t5/analytics-on-azure-blog/streaming-and-batch-data-architectures-with-microsoft-fabric-to/ba-p/4526166",
  },
  {
    id: "container-apps-startup",
    title: "Troubleshooting Azure Container Apps and Jobs for .NET and Django Workloads",
    published: "2026-06-09",
    url: "https://techcommunity.microsoft.com/t5/microsoft-developer-community/troubleshooting-azure-container-apps-and-jobs-for-net-and-django/ba-p/4518303",
  },
  {
    id: "metric-exemplars",
    title: "Connect Metrics to Traces with Exemplars in Azure Monitor",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/azure-observability-blog/connect-metrics-to-traces-with-exemplars-in-azure-monitor/ba-p/4525714",
  },
  {
    id: "acr-geo-operations",
    title: "Designing for High Availability: The Operational Reference for Running a Geo-Replicated ACR",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/apps-on-azure-blog/designing-for-high-availability-the-operational-reference-for/ba-p/4526465",
  },
  {
    id: "nsp-service-bus",
    title: "GA of NSP for Azure Service Bus & NSP now available in Azure Gov. Regions",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/azure-networking-blog/ga-of-nsp-for-azure-service-bus-nsp-now-available-in-azure-gov/ba-p/4526413",
  },
  {
    id: "app-service-mcp",
    title: "Now in preview: built-in MCP for Azure App Service",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/apps-on-azure-blog/now-in-preview-built-in-mcp-for-azure-app-service/ba-p/4526407",
  },
  {
    id: "failure-logging",
    title: "Designing Reliable Data Platforms: Centralized Failure Logging Framework with Azure Monitor",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/analytics-on-azure-blog/designing-reliable-data-platforms-centralized-failure-logging/ba-p/4505832",
  },
  {
    id: "aks-keyvault-csi",
    title:
      "Getting Secrets Out of YAML: Implementing Azure Key Vault CSI Driver on AKS with Workload Identity",
    published: "2026-06-08",
    url: "https://techcommunity.microsoft.com/t5/microsoft-developer-community/getting-secrets-out-of-yaml-implementing-azure-key-vault-csi/ba-p/4522590",
  },
  {
    id: "az-login-discovery",
    title: "Faster az login: introducing --skip-subscription-discovery and targeted --subscription",
    published: "2026-06-07",
    url: "https://techcommunity.microsoft.com/t5/azure-tools-blog/faster-az-login-introducing-skip-subscription-discovery-and/ba-p/4526116",
  },
  {
    id: "aca-sandboxes",
    title: "Govern AI Agents Using Agent Governance Toolkit and Azure Container App Sandboxes",
    published: "2026-06-05",
    url: "https://techcommunity.microsoft.com/t5/linux-and-open-source-blog/govern-ai-agents-using-agent-governance-toolkit-and-azure/ba-p/4526011",
  },
  {
    id: "acr-regional-endpoints",
    title: "Regional Endpoints for Azure Container Registry Geo-Replication — Now in Public Preview",
    published: "2026-06-05",
    url: "https://techcommunity.microsoft.com/t5/apps-on-azure-blog/regional-endpoints-for-azure-container-registry-geo-replication/ba-p/4525717",
  },
  {
    id: "health-model",
    title: "Azure Monitor Health Model (Preview): What's New!",
    published: "2026-06-05",
    url: "https://techcommunity.microsoft.com/t5/azure-observability-blog/azure-monitor-health-model-preview-what-s-new/ba-p/4525707",
  },
  {
    id: "aks-pod-cidr",
    title: "Pod CIDR Expansion Generally Available and IP Address Planning on Azure CNI Overlay",
    published: "2026-06-05",
    url: "https://techcommunity.microsoft.com/t5/azure-networking-blog/pod-cidr-expansion-generally-available-and-ip-address-planning/ba-p/4521700",
  },
  {
    id: "postgres-ca-rotation",
    title: "Preparing for Azure PostgreSQL Certificate Authority Rotation: A Comprehensive Operational Guide",
    published: null,
    url: null,
  },
  {
    id: "spark-ui",
    title: "Diagnose performance issues in Spark jobs through Spark UI",
    published: null,
    url: null,
  },
  {
    id: "sql-token-cache",
    title: "Reducing SQL Connection Latency for Apps Using Azure AAD Authentication",
    published: null,
    url: null,
  },
  {
    id: "mysql-sharding",
    title: "Scaling Write Throughput in Azure Database for MySQL Using Application-Level Sharding",
    published: null,
    url: null,
  },
  {
    id: "sql-bulk-insert",
    title:
      "Lessons Learned #540: Bulk Insert Throughput in Azure SQL Hyperscale with Partitioned Heap Tables",
    published: null,
    url: null,
  },
  {
    id: "container-apps-cold-start",
    title: "Performance Tuning Cold Starts, Scaling Delays, and Startup Latency in Azure Container Apps",
    published: null,
    url: null,
  },
  {
    id: "foundry-gitops",
    title: "Building and Operating a Microsoft Foundry Hosted Agent with GitOps and GitHub Tasks",
    published: null,
    url: null,
  },
  {
    id: "sql-vdi-client-worker",
    title: "Why do I see many VDI_CLIENT_WORKER sessions in Azure SQL Database",
    published: null,
    url: null,
  },
  {
    id: "odcr",
    title: "Demystifying On-Demand Capacity Reservations",
    published: null,
    url: null,
  },
  {
    id: "cicd-platform",
    title: "CI/CD as a Platform: Shipping Microservices and AI Agents with Reusable GitHub Actions Workflows",
    published: null,
    url: null,
  },
  {
    id: "cvm-migration",
    title: "Migrating On-prem Windows & Linux VMs to Azure Confidential Virtual Machines via Azure Migrate",
    published: null,
    url: null,
  },
  {
    id: "cvm-images",
    title: "Building Reusable Custom Images for Azure Confidential VMs Using Azure Compute Gallery",
    published: null,
    url: null,
  },
  {
    id: "citrix-resiliency",
    title: "Proactive Resiliency in Azure for Specialized Workload i.e. Citrix VDI",
    published: null,
    url: null,
  },
  {
    id: "vnet-flow-logs",
    title: "Azure VNet Flow Logs with Terraform: The Complete Migration and Traffic Analytics Guide",
    published: null,
    url: null,
  },
  {
    id: "blob-resiliency",
    title: "Resiliency Best Practices You Need For your Blob Storage Data",
    published: null,
    url: null,
  },
  {
    id: "apim-token-limit",
    title: "Azure API Management Token Limit Policy: Controlling AI Token Consumption Per Consumer",
    published: null,
    url: null,
  },
  {
    id: "apim-auth",
    title: "Azure API Management for AI: Securing Your AI APIs with Authentication and Authorization",
    published: null,
    url: null,
  },
  {
    id: "apim-gateway",
    title: "Azure API Management for AI: Why Your APIs Need a Gateway",
    published: null,
    url: null,
  },
  {
    id: "cosmos-performance",
    title: "Azure Cosmos DB’s Latest Performance Features",
    published: null,
    url: null,
  },
];

/** Every source a fact may name; articles without facts are listed so that users know what is still to come. */
export const articles: readonly Article[] = [
  observations,
  ...community.map((article) => ({ ...article, publisher: "Microsoft Tech Community" })),
];
