import type { Page } from './page.ts';

/** Features, templates, files, secrets, and what is added by hand. */
export const catalogPages: Readonly<Record<string, Page>> = {
  'bad-feature': {
    title: "a feature can't be read",
    why: 'A feature is a folder with a feature.yaml, and objects, patches and a schema.yaml where it has them.',
    fix: ['Mend what the message names; paas catalog new NAME makes a folder that is right.'],
  },
  'bad-runtime': {
    title: "a runtime can't be read",
    why: 'A runtime is a folder in runtimes/ of a folder of features, with a runtime.yaml that says how a source of it is known and what it needs to run.',
    fix: ['Mend what the message names; those in templates/runtimes of paas are examples.'],
  },
  'no-such-folder': {
    title: "a folder of features isn't there",
    why: 'platform.yaml names folders of features as seen from itself.',
    fix: ['Look at the path, and whether the folder came along with the file.'],
  },
  'bad-template': {
    title: "a template can't be rendered",
    why: 'An expression in it fails: a name that is not known there, or a value that is not what the expression needs.',
    fix: ['Look at the expressions of the file; a value that may be absent needs an $if around it.'],
  },
  'feature-conflict': {
    title: 'two features set the same field',
    why: 'Which of them holds would depend on their order, which nobody sees. So neither does.',
    fix: [
      'Take the field out of one of the features.',
      'For one app, say the value in a file in .paas/patches: it has the last word.',
    ],
  },
  'same-object': {
    title: 'an object is made twice',
    why: 'Two templates, or a template and a file in .paas/manifests, make an object of one kind and name; the second would replace the first.',
    fix: ['Give one of them another name, or change the first by a patch.'],
  },
  'nothing-to-patch': {
    title: 'there is nothing to patch',
    why: 'A patch names the object that it changes by kind and name. This one names none that the app renders to.',
    fix: ['paas render shows every object with its kind and name.'],
  },
  'may-not-shadow': {
    title: 'an app may not replace this feature',
    why: "A feature in .paas/features takes the place of a built-in one of its name only where platform.yaml lets it; the platform's own are never an app's to replace.",
    fix: [
      'Give the feature another name and its keys others.',
      'Ask the platform team to name it under shadow.',
    ],
  },
  'bad-addition': {
    title: 'a file in .paas/manifests or .paas/patches is not an object',
    why: 'Each file there is one Kubernetes object, or a part of one: apiVersion, kind and metadata.name say which.',
    fix: ['Write what is missing. A namespace need not be said: it is that of the app.'],
    right: 'kind: Deployment\nmetadata: {name: web}\nspec: {revisionHistoryLimit: 5}',
  },
  'mounted-file-missing': {
    title: "a file that a component mounts can't be read",
    why: 'The contents of files become part of the release when it is made, so they must be there then.',
    fix: ['Look at the path: it is as seen from the folder of paas.yaml.'],
    right: 'files: {/etc/shop/shop.yml: config/shop.yml}',
  },
  'config-too-large': {
    title: 'a file is too large to be configuration',
    why: 'The files of a component are kept in one Kubernetes ConfigMap, which holds no more than 1 MiB.',
    fix: ['Put large files into the image, or on a volume.'],
  },
  'secret-missing': {
    title: 'a secret is not stored',
    why: 'A component refers to a secret by its name, and none of that name is stored in this environment. Without it the program could not start.',
    fix: ['Store it: paas secrets set NAME, with the value on standard input.'],
  },
  'bad-feature-name': {
    title: "this can't be the name of a feature",
    why: 'Its name is the name of its folder, and of what it takes the place of in an earlier layer.',
    fix: ['Use lower-case letters, digits and hyphens, with a letter first.'],
  },
  'folder-is-there': {
    title: 'the folder is there already',
    why: 'What is there is never written over.',
    fix: ['Take another name, or remove the folder.'],
  },
  'no-examples': {
    title: 'the feature has no examples',
    why: 'A feature is tried by rendering its examples: folders in examples/, each with a paas.yaml.',
    fix: ['Write one: examples/simple/paas.yaml; then paas catalog test FOLDER --update.'],
  },
  'example-differs': {
    title: 'an example renders to something else than was noted',
    why: 'expected.yaml beside it holds what it rendered to when it was noted last. The templates, or the built-in features, have changed since.',
    fix: ['If it is meant so, note it: paas catalog test FOLDER --update, and read the difference.'],
  },
};
