// Scenarios for the AWS SDK for JavaScript: node scenarios.mjs <where it is installed> <endpoint>.
// Each line of standard input is a JSON list, a scenario's name and its input. It is answered by a
// line: a JSON string that is empty, or says what failed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [folder, endpoint] = process.argv.slice(2);
const installed = createRequire(join(folder, "package.json"));
const sdk = installed("@aws-sdk/client-rekognition");
const { ConfiguredRetryStrategy } = installed("@smithy/util-retry");
const client = new sdk.Rekognition({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
  retryStrategy: new ConfiguredRetryStrategy(3, 1), // attempts, and milliseconds between them
});
const patience = { client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.1 };

/** The service exception of this name that a request was answered with. */
async function refused(name, request) {
  const error = await request.then(
    () => assert.fail(`expected ${name}`),
    (reason) => reason,
  );
  assert.equal(error.name, name, String(error));
  assert.ok(error instanceof sdk.RekognitionServiceException);
  assert.ok(error instanceof sdk[name]);
  assert.match(error.$metadata.requestId, /^[0-9a-zA-Z-]{36,}$/);
  assert.match(error.Logref, /^[0-9a-f-]{36}$/);
  assert.equal(error.Code, name);
  return error;
}

async function versions(ProjectArn, pageSize = 100) {
  const found = [];
  for await (const page of sdk.paginateDescribeProjectVersions({ client, pageSize }, { ProjectArn }))
    found.push(...page.ProjectVersionDescriptions);
  return found;
}

async function projects(pageSize = 100) {
  const found = [];
  for await (const page of sdk.paginateDescribeProjects({ client, pageSize }, {}))
    found.push(...page.ProjectDescriptions);
  return found;
}

/** Look until the statuses are as wanted, and return those that were seen before. */
async function until(wanted, look) {
  const seen = [];
  for (let looks = 0; looks < 100; looks++) {
    const statuses = (await look()).map((one) => one.Status).join();
    if (statuses === wanted) return seen;
    if (seen.at(-1) !== statuses) seen.push(statuses);
  }
  assert.fail(`never "${wanted}", but ${seen}`);
}

const scenarios = {
  // Every transient status is shown once before it ends.
  async life() {
    const { ProjectArn } = await client.createProject({ ProjectName: "p" });
    assert.deepEqual(await until("CREATED", projects), ["CREATING"]);

    const datasets = [];
    for (const DatasetType of ["TRAIN", "TEST"])
      datasets.push((await client.createDataset({ ProjectArn, DatasetType })).DatasetArn);
    await refused(
      "ResourceAlreadyExistsException",
      client.createDataset({ ProjectArn, DatasetType: "TEST" }),
    );
    const shown = async () => (await projects())[0].Datasets;
    const both = (status) => `${status},${status}`;
    assert.deepEqual(await until(both("CREATE_COMPLETE"), shown), [both("CREATE_IN_PROGRESS")]);
    const [{ Datasets, CreationTimestamp }] = await projects();
    assert.ok(CreationTimestamp instanceof Date);
    assert.equal(CreationTimestamp.getTime(), Number(ProjectArn.split("/").at(-1)));
    assert.deepEqual(
      Datasets.map((dataset) => [dataset.DatasetArn, dataset.DatasetType, dataset.Status]),
      [
        [datasets[0], "TRAIN", "CREATE_COMPLETE"],
        [datasets[1], "TEST", "CREATE_COMPLETE"],
      ],
    );
    assert.ok(Datasets.every((dataset) => dataset.CreationTimestamp instanceof Date));

    const OutputConfig = { S3Bucket: "bucket", S3KeyPrefix: "prefix" };
    const training = { ProjectArn, VersionName: "v", OutputConfig };
    const { ProjectVersionArn } = await client.createProjectVersion(training);
    await refused("ResourceInUseException", client.createProjectVersion(training));
    await refused("ResourceInUseException", client.deleteProjectVersion({ ProjectVersionArn }));
    const trained = await sdk.waitUntilProjectVersionTrainingCompleted(patience, { ProjectArn });
    assert.equal(trained.state, "SUCCESS");
    const started = await client.startProjectVersion({ ProjectVersionArn, MinInferenceUnits: 2 });
    assert.equal(started.Status, "STARTING");
    await refused("ResourceInUseException", client.stopProjectVersion({ ProjectVersionArn }));
    const running = await sdk.waitUntilProjectVersionRunning(patience, {
      ProjectArn,
      VersionNames: ["v"],
    });
    const [version] = running.reason.ProjectVersionDescriptions;
    assert.equal(version.StatusMessage, "The model is running.");
    assert.equal(version.MinInferenceUnits, 2);
    assert.deepEqual(version.OutputConfig, OutputConfig);
    assert.equal(version.Feature, "CUSTOM_LABELS");
    assert.equal(version.CreationTimestamp.getTime(), Number(ProjectVersionArn.split("/").at(-1)));
    await refused("ResourceInUseException", client.deleteProjectVersion({ ProjectVersionArn }));

    const model = () => versions(ProjectArn);
    assert.equal((await client.stopProjectVersion({ ProjectVersionArn })).Status, "STOPPING");
    assert.deepEqual(await until("STOPPED", model), ["STOPPING"]);
    await refused("ResourceInUseException", client.deleteProject({ ProjectArn }));
    assert.equal((await client.deleteProjectVersion({ ProjectVersionArn })).Status, "DELETING");
    await refused("ResourceInUseException", client.deleteProjectVersion({ ProjectVersionArn }));
    assert.deepEqual(await until("", model), ["DELETING"]);
    await refused("ResourceNotFoundException", client.deleteProjectVersion({ ProjectVersionArn }));

    for (const DatasetArn of datasets) {
      await refused("ResourceInUseException", client.deleteProject({ ProjectArn }));
      const { $metadata, ...rest } = await client.deleteDataset({ DatasetArn });
      assert.deepEqual([$metadata.httpStatusCode, rest], [200, {}]);
    }
    assert.deepEqual(await until("", shown), [both("DELETE_IN_PROGRESS")]);
    for (const DatasetArn of datasets)
      await refused("ResourceNotFoundException", client.deleteDataset({ DatasetArn }));
    assert.equal((await client.deleteProject({ ProjectArn })).Status, "DELETING");
    assert.deepEqual(await until("", projects), ["DELETING"]);
    await refused("ResourceNotFoundException", client.describeProjectVersions({ ProjectArn }));
  },

  async pages({ projectArns, versionArns }) {
    const newestFirst = (await projects(2)).map((project) => project.ProjectArn);
    assert.deepEqual(newestFirst, [...projectArns].reverse());
    const listed = (await versions(projectArns[0], 3)).map((one) => one.ProjectVersionArn);
    assert.deepEqual(listed, [...versionArns].reverse());
    await refused(
      "InvalidPaginationTokenException",
      client.describeProjectVersions({ ProjectArn: projectArns[0], NextToken: "garbage" }),
    );
  },

  async errors({ code, status, message, attempts }) {
    const error = await refused(code, client.describeProjects({}));
    assert.equal(error.$metadata.httpStatusCode, status);
    assert.equal(error.$metadata.attempts, attempts);
    assert.equal(error.message, message);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [scenario, input] = JSON.parse(line);
  const patienceEnds = setTimeout(() => process.exit(1), 120_000);
  const failure = await scenarios[scenario](input).then(
    () => "",
    (error) => String(error.stack),
  );
  clearTimeout(patienceEnds);
  console.log(JSON.stringify(failure));
}
