import { readFileSync } from 'node:fs';
import { matchesGlob, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../tools/src/images/changed.ts';
import { services } from '../../tools/src/images/services.ts';
import { holds, interpolate } from './expressions.ts';
import { action, actions, jobs, root, steps, workflow, workflows } from './read.ts';

const everything = [...workflows, ...actions];

describe('actions of others', () => {
  const lines = everything.flatMap(({ text }) => text.match(/^.*uses: (?!\.\/).*$/gm) ?? []);

  it.each([...new Set(lines.map((line) => line.trim()))])(
    '%s is pinned to a commit, with its version',
    (line) => {
      expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it('have the same commit everywhere', () => {
    const pins = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, name = '', commit = ''] = /uses: (\S+)@(\S+)/.exec(line) ?? [];
      pins.set(name, (pins.get(name) ?? new Set()).add(commit));
    }
    expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });
});

describe('scripts', () => {
  it.each(steps.filter(({ run }) => run !== undefined))('hold no expression: $place', ({ run }) => {
    // whatever it holds would become part of the program; values come through env
    expect(run).not.toContain('${{');
  });

  it.each(steps.filter(({ run }) => run !== undefined))('hide no failure: $place', ({ run }) => {
    expect(run).not.toMatch(/\|\|\s*(true|:|echo)|set \+e|;\s*true\b/);
  });

  it('call programs that exist, with flags that they know', () => {
    const calls = steps.flatMap(({ run = '' }) => [
      ...run.replaceAll('\\\n', ' ').matchAll(/npx node (tools\/src\/[\w-]+\.ts)([^\n]*)/g),
    ]);
    expect(calls.length).toBeGreaterThan(10);
    for (const [, program = '', rest = ''] of calls) {
      const source = readFileSync(resolve(root, program), 'utf8');
      for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(source, program).toContain(`${flag} `);
    }
  });
});

describe('nothing is allowed to fail in silence', () => {
  it.each(steps)('$place', (step) => {
    expect(step['continue-on-error']).toBeUndefined();
  });

  it('by a scanner that always says yes', () => {
    for (const { text } of everything) expect(text).not.toMatch(/exit-code: ['"]?0/);
    for (const { with: given } of steps.filter(({ uses }) =>
      uses?.startsWith('aquasecurity/trivy-action@'),
    )) {
      expect(given).toMatchObject({ 'exit-code': '1', severity: 'CRITICAL,HIGH', 'ignore-unfixed': true });
    }
  });
});

describe('every job', () => {
  it.each(jobs)('$place says what it may do', ({ permissions }) => {
    expect(permissions).toBeTypeOf('object');
  });

  it.each(jobs.filter(({ uses }) => uses === undefined))('$place has a time limit', (job) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('may write only what is listed here', () => {
    const writes = jobs.flatMap(({ place, permissions = {} }) =>
      Object.entries(permissions)
        .filter(([, right]) => right !== 'read')
        .map(([name]) => `${place} ${name}`),
    );
    const signing = ['ci-build-images.image', 'release.image', 'release.publish'];
    const awsRole = [
      ['cd-deploy-app.deploy', 'cd-setup-cluster.cluster', 'infra-module.apply', 'infra-module.plan'],
      ['smoke-tests.smoke'],
      [
        'vpc',
        'secrets-manager',
        'eks-cluster',
        'bastion',
        'backups',
        'domain',
        'data-stores',
        'facts',
        'cluster',
      ].map((job) => `cd-deploy-infra.${job}`),
    ].flat();
    const alerts = [
      'ci-build-images.image',
      'ci-security-scan.image',
      'ci-security-scan.repository',
      'release.image',
    ];
    expect(writes.sort()).toEqual(
      [
        ...[...signing, ...awsRole].map((place) => `${place} id-token`),
        ...alerts.map((place) => `${place} security-events`),
        'release.publish contents',
        'release.publish packages',
      ].sort(),
    );
  });
});

describe('every workflow', () => {
  it.each(workflows)('$name gives no permission to all its jobs', ({ permissions }) => {
    expect(permissions).toEqual({});
  });

  it.each(workflows)('$name does not run code of strangers with our rights', ({ on }) => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
  });

  it('keeps no token in the clone', () => {
    for (const { uses, with: given } of steps) {
      if (uses?.startsWith('actions/checkout@'))
        expect(given).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('has no long-lived key of AWS', () => {
    for (const { text } of everything) expect(text).not.toMatch(/access-key|ACCESS_KEY/i);
  });

  it('never cuts off a deployment', () => {
    for (const { concurrency } of workflows.filter(
      ({ name }) => !/^(ci-test|infra-module|smoke)/.test(name),
    )) {
      if (concurrency !== undefined) expect(concurrency['cancel-in-progress']).toBe(false);
    }
    for (const name of ['cd-deploy-app', 'cd-deploy-infra', 'ci-build-images', 'release']) {
      expect(workflow(name).concurrency, name).toBeDefined();
    }
  });
});

describe('an image', () => {
  const { steps } = action('image');
  const push = steps.findIndex(({ with: given }) => given?.push === true);

  it('is pushed in one place only', () => {
    const pushes = everything.flatMap(
      ({ text }) => text.match(/push: true|docker push|skopeo copy|crane push/g) ?? [],
    );
    expect(pushes).toEqual(['push: true']);
  });

  it('is pushed for platforms that were all scanned before', () => {
    for (const platform of String(steps[push]?.with?.platforms).split(',')) {
      const build = steps.findIndex(
        ({ with: given }) => given?.platforms === platform && given.load === true,
      );
      const scan = steps.findIndex(
        ({ uses, with: given }) =>
          uses === './.github/actions/scan' && given?.target === steps[build]?.with?.tags,
      );
      expect(build).toBeGreaterThan(-1);
      expect(scan).toBeGreaterThan(build);
      expect(push).toBeGreaterThan(scan);
    }
  });

  it('is pushed only when every scan passed', () => {
    for (const step of steps) expect(step.if).toBeUndefined();
    const [gate, ...rest] = action('scan').steps;
    expect(gate?.uses).toMatch(/^aquasecurity\/trivy-action@/);
    expect(gate?.if).toBeUndefined();
    expect(rest.filter(({ uses }) => uses?.startsWith('aquasecurity/'))).toEqual([]);
  });

  it('is signed by digest after the push, with SBOM and provenance', () => {
    expect(steps[push]?.with).toMatchObject({ sbom: true, provenance: 'mode=max' });
    const sign = steps.findIndex(({ run }) => run?.startsWith('cosign sign'));
    expect(sign).toBeGreaterThan(push);
    expect(steps[sign]?.env?.IMAGE).toMatch(/@\$\{\{ steps\.push\.outputs\.digest \}\}$/);
  });

  it('is built again when any of its sources changes', () => {
    const paths = workflow('ci-build-images').on.push?.paths ?? [];
    const files = Object.values(readSources(root)).flatMap((folders) =>
      folders.map((folder) => `${folder}/src/x.ts`),
    );
    for (const file of [
      ...files,
      'Dockerfile',
      'package-lock.json',
      'package.json',
      '.npmrc',
      '.dockerignore',
    ]) {
      expect(
        paths.filter((path) => matchesGlob(file, path)),
        file,
      ).not.toEqual([]);
    }
  });

  it('is one of those that the programs know', () => {
    for (const name of ['release', 'ci-security-scan']) {
      expect(workflow(name).jobs.image?.strategy?.matrix.service).toEqual(services);
    }
  });
});

describe('production', () => {
  const byHand = { github: { event_name: 'workflow_dispatch' }, inputs: { environment: 'prod' } };
  const others = ['push', 'workflow_run'].map((event_name) => ({ github: { event_name }, inputs: {} }));
  const withRole = jobs.filter((job) => JSON.stringify(job.steps ?? []).includes('secrets.AWS_ROLE_ARN'));

  it('is reached by no job without the environment that guards its role', () => {
    expect(withRole.map(({ place }) => place).sort()).toEqual([
      'cd-deploy-app.deploy',
      'cd-setup-cluster.cluster',
      'infra-module.apply',
      'infra-module.plan',
      'smoke-tests.smoke',
    ]);
    const guards: Record<string, string> = {
      'infra-module.plan': 'prod-plan',
      'infra-module.apply': 'prod-infra',
    };
    for (const { place, environment } of withRole) {
      expect(interpolate(environment, byHand), place).toBe(guards[place] ?? 'prod');
    }
  });

  it('shows a password to no plan but that of the role which applies', () => {
    const withSecrets = Object.entries(workflow('cd-deploy-infra').jobs)
      .filter(([, job]) => (job.with as Record<string, unknown> | undefined)?.['plan-reads-secrets'] === true)
      .map(([name]) => name);
    expect(withSecrets).toEqual(['data-stores']);
    const { plan } = workflow('infra-module').jobs;
    const inputs = { environment: 'prod', 'plan-reads-secrets': true };
    expect(interpolate(plan?.environment, { inputs })).toBe('prod-infra');
  });

  it('is no place for the role of the infrastructure to deploy, or the other way round', () => {
    for (const { place, environment, uses } of jobs) {
      if (uses !== undefined || environment === undefined) continue;
      const infra = interpolate(environment, byHand)?.toString().endsWith('-infra') ?? false;
      expect(infra, place).toBe(place === 'infra-module.apply');
    }
  });

  it('gives credentials to no step that installs what others wrote', () => {
    const { steps } = action('cluster');
    const installs = steps.findIndex(({ uses }) => uses === './.github/actions/tools');
    const credentials = steps.findIndex(({ uses }) => uses?.startsWith('aws-actions/'));
    expect(installs).toBeGreaterThan(-1);
    expect(credentials).toBeGreaterThan(installs);
  });

  it('is applied by Terraform that knows its account and whom it admits', () => {
    const { plan, apply } = workflow('infra-module').jobs;
    for (const job of [plan, apply]) {
      const env = job?.steps?.find(({ run }) => run?.includes('terragrunt'))?.env ?? {};
      for (const name of ['AWS_ACCOUNT_ID', 'CLUSTER_API_CIDRS', 'CLUSTER_OPERATORS'])
        expect(env[name]).toBe(`\${{ vars.${name} }}`);
    }
  });

  it('is deployed to by hand only, and by a run that does nothing else', () => {
    const { jobs, concurrency } = workflow('cd-deploy-app');
    const deploying = Object.values(jobs).filter(({ environment }) => environment !== undefined);
    expect(deploying).toHaveLength(1);
    expect(concurrency?.group).toContain('inputs.environment');
    for (const contexts of others) expect(interpolate(deploying[0]?.environment, contexts)).toBe('dev');
    const environmentOfPrograms = Object.entries(deploying[0] as object).find(([key]) => key === 'env')?.[1];
    expect(interpolate(environmentOfPrograms.ENVIRONMENT, byHand)).toBe('prod');
  });

  it('gets only images whose signatures are ours', () => {
    const { images, deploy } = workflow('cd-deploy-app').jobs;
    const scripts = (images?.steps ?? []).map(({ run = '', uses = '' }) => run + uses);
    const verified = scripts.findIndex((script) => script.includes('verify-signatures'));
    expect(verified).toBeGreaterThan(-1);
    expect(images?.steps?.[verified]?.if).toBeUndefined();
    expect(scripts.findIndex((script) => script.startsWith('actions/upload-artifact'))).toBeGreaterThan(
      verified,
    );
    expect(deploy?.needs).toBe('images');
  });

  it('gets no deployment after images that failed', () => {
    const { images } = workflow('cd-deploy-app').jobs;
    const ended = (conclusion: string) => ({
      github: { event_name: 'workflow_run', event: { workflow_run: { conclusion } } },
    });
    expect(holds(images?.if, ended('success'), true)).toBe(true);
    for (const conclusion of ['failure', 'cancelled', 'skipped', 'timed_out']) {
      expect(holds(images?.if, ended(conclusion), true), conclusion).toBe(false);
    }
  });

  it('is applied exactly what was planned', () => {
    const { plan, apply } = workflow('infra-module').jobs;
    const path = /-out="(\S+)"/.exec(
      plan?.steps?.find(({ run }) => run?.includes('terragrunt plan'))?.run ?? '',
    )?.[1];
    expect(path).toBeDefined();
    expect(apply?.needs).toBe('plan');
    const applying = apply?.steps?.filter(({ run }) => run?.includes('terragrunt')) ?? [];
    expect(applying.map(({ run }) => run)).toEqual([`terragrunt apply -input=false "${path}"`]);
  });
});

describe('what must be set on GitHub', () => {
  const doc = readFileSync(resolve(root, 'docs/CI_CD_QUICK_REF.md'), 'utf8');
  const rows = doc.split('\n').filter((line) => /^\| `[A-Z_]+`.*\| (secret|variable) \|/.test(line));
  const names = (line = '') => line.split('|')[1]?.match(/[A-Z_]+/g) ?? [];

  it('is what docs/CI_CD_QUICK_REF.md lists', () => {
    const used = everything.flatMap(({ text }) => [...text.matchAll(/\b(secrets|vars)\.([A-Z_]+)/g)]);
    const written = rows.flatMap((row) =>
      names(row).map((name) => `${row.includes('| secret |') ? 'secrets' : 'vars'}.${name}`),
    );
    expect([...new Set(used.map(([name]) => name))].sort()).toEqual(written.sort());
  });
});

describe('Renovate', () => {
  const { customManagers } = JSON.parse(readFileSync(resolve(root, 'renovate.json'), 'utf8'));

  it('finds every version that is marked for it', () => {
    const files = [
      ...everything.map(({ text }) => text),
      readFileSync(resolve(root, 'tools/src/cluster/add-ons.ts'), 'utf8'),
    ];
    const patterns = customManagers.flatMap(({ matchStrings }: { matchStrings: string[] }) => matchStrings);
    const found = files.flatMap((text) =>
      patterns.flatMap((pattern: string) =>
        [...text.matchAll(new RegExp(pattern, 'g'))].map(({ groups }) => groups?.currentValue),
      ),
    );
    const marked = files.join('\n').match(/renovate: datasource/g) ?? [];
    expect(found).toHaveLength(marked.length);
    for (const version of found) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
