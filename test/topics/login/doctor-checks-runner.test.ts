import { describe, expect, test } from "vitest";
import { checkRunner } from "../../../src/topics/login/doctor-checks-runner.ts";
import { env, HOME, machine, printed } from "./doctor-machine.ts";

describe("a CI job:", () => {
  test.each([
    ["outside of CI the folder may be shared", machine(), []],
    ["CI=false is not CI", machine(env({ CI: "false" })), []],
    [
      "without az nothing is shared",
      machine({ ...env({ GITHUB_ACTIONS: "true" }), az: { state: "missing" } }),
      [],
    ],
    [
      "a machine that is kept is an error",
      machine(
        env({ GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "self-hosted", RUNNER_TEMP: "/runner/_temp" }),
      ),
      [
        "error shared-config-dir: az's configuration folder is not this job's own: GitHub Actions, on a machine that is kept for other jobs; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a machine that is fresh for each job is only worth knowing",
      machine(
        env({ GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted", RUNNER_TEMP: "/runner/_temp" }),
      ),
      [
        "info shared-config-dir: az's configuration folder is not this job's own: GitHub Actions, on a machine that is fresh for each job; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a machine that does not say is a warning",
      machine(env({ GITHUB_ACTIONS: "true", RUNNER_TEMP: "/runner/_temp" })),
      [
        "warning shared-config-dir: az's configuration folder is not this job's own: GitHub Actions, which does not say whether the machine is fresh for each job; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a folder below the job's own is its own",
      machine(
        env({
          GITHUB_ACTIONS: "true",
          RUNNER_ENVIRONMENT: "self-hosted",
          RUNNER_TEMP: "/runner/_temp",
          AZURE_CONFIG_DIR: "/runner/_temp/azure",
        }),
      ),
      [],
    ],
    [
      "a folder whose name only begins alike is not",
      machine(
        env({
          GITHUB_ACTIONS: "true",
          RUNNER_ENVIRONMENT: "self-hosted",
          RUNNER_TEMP: "/runner/_temp",
          AZURE_CONFIG_DIR: "/runner/_temp2/azure",
        }),
      ),
      [
        "error shared-config-dir: az's configuration folder is not this job's own: GitHub Actions, on a machine that is kept for other jobs; az uses /runner/_temp2/azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "Azure Pipelines says it in its own way",
      machine(env({ TF_BUILD: "True", AGENT_ISSELFHOSTED: "1", AGENT_TEMPDIRECTORY: "/agent/_temp" })),
      [
        "error shared-config-dir: az's configuration folder is not this job's own: Azure Pipelines, on a machine that is kept for other jobs; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "a hosted agent of Azure Pipelines is fresh",
      machine(env({ TF_BUILD: "True", AGENT_ISSELFHOSTED: "0", AGENT_TEMPDIRECTORY: "/agent/_temp" })),
      [
        "info shared-config-dir: az's configuration folder is not this job's own: Azure Pipelines, on a machine that is fresh for each job; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "an agent's own folder is its own",
      machine(
        env({
          TF_BUILD: "True",
          AGENT_ISSELFHOSTED: "1",
          AGENT_TEMPDIRECTORY: "/agent/_temp",
          AZURE_CONFIG_DIR: "/agent/_temp/az",
        }),
      ),
      [],
    ],
    [
      "GitLab does not say, but its project folder is the job's",
      machine(
        env({
          GITLAB_CI: "true",
          CI: "true",
          CI_PROJECT_DIR: "/builds/x",
          AZURE_CONFIG_DIR: "/builds/x/.az",
        }),
      ),
      [],
    ],
    [
      "GitLab without it is a warning",
      machine(env({ GITLAB_CI: "true", CI: "true", CI_PROJECT_DIR: "/builds/x" })),
      [
        "warning shared-config-dir: az's configuration folder is not this job's own: GitLab CI, which does not say whether the machine is fresh for each job; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "Jenkins without a folder of its own is a warning",
      machine(env({ JENKINS_URL: "https://ci", WORKSPACE: `${HOME}/ws` })),
      [
        "warning shared-config-dir: az's configuration folder is not this job's own: Jenkins, which does not say whether the machine is fresh for each job; az uses ~/.azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
    [
      "any other CI with a folder that nobody vouches for is a warning",
      machine(env({ CI: "true", AZURE_CONFIG_DIR: "/srv/azure" })),
      [
        "warning shared-config-dir: az's configuration folder is not this job's own: a CI job, which does not say whether the machine is fresh for each job; az uses /srv/azure | next azwise login exec -- <command> | because azure-wire/az-profile-is-shared",
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkRunner(given))).toEqual(expected);
  });
});
