import type { Page } from './page.ts';

/** Sources that paas init looks at, and the file that it writes. */
export const detectPages: Readonly<Record<string, Page>> = {
  'source-broken': {
    title: "a file of the source can't be read",
    why: 'What an app is and needs stands in files of its own tools, such as package.json. This one breaks off or has a mistake, so it would mislead.',
    fix: ['Mend it at the place that is shown; the tool that it belongs to objects to it too.'],
  },
  'source-unreadable': {
    title: "a folder or a file of the source can't be read",
    why: "It isn't there, or its rights don't let you read it.",
    fix: ['Look at it with ls -l; another folder is named by --folder.'],
  },
  'nothing-detected': {
    title: 'nothing tells what the app is',
    why: 'A source is known by the files of its tools. None of those that are looked for is there; what .gitignore names is not looked at.',
    fix: [
      'Change to the folder of the app, or name it: paas init --folder FOLDER.',
      'Write a Dockerfile: then it needs no runtime.',
      'Name an image that is there: paas init --image registry.example.com/shop:1.0.',
      'A platform team adds a language by a folder: runtimes/NAME/runtime.yaml in its folder of features.',
    ],
  },
  'no-start-command': {
    title: 'nothing tells what starts the app',
    why: 'The language is known, but neither a framework nor a usual file says which program is to run. A library has none.',
    fix: [
      'Say it: paas init --command "node server.js".',
      'Say it where your tools look too: the script start in package.json, or a line web: … in a Procfile.',
    ],
  },
  'several-apps': {
    title: 'there are several apps',
    why: 'Folders of this one are apps of their own. Which are to be components of one app nobody but you knows.',
    fix: [
      'Name each that is: paas init --folder apps/web --folder apps/api.',
      'At a terminal, paas init asks.',
      'For apps that are deployed apart, run paas init in each folder.',
    ],
  },
  'file-is-there': {
    title: 'the file is there already',
    why: 'paas init writes a file to begin with. What somebody wrote is never lost unasked.',
    fix: ['Change the file by hand; paas explain shows all keys.', 'Write it anew: --force.'],
  },
  'file-not-written': {
    title: "the file can't be written",
    why: "The folder isn't there, is read-only, or its rights don't let you.",
    fix: ['Give the right to write the folder, or write elsewhere: --file FILE.'],
  },
};
