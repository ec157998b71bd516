"""pack_files.py - the files that bench_pack packs: what Debian and npm have. Made once, in the benchmark's folder; what is
of npm is of pinned versions, whose dependencies are those of the day on which they are installed."""
import json, os, random, shutil, subprocess, sys

MB = 1 << 20

NPM = ["typescript@5.4.5", "aws-sdk@2.1692.0", "webpack@5.91.0", "lodash@4.17.21", "express@4.19.2", "ajv@8.13.0",
       "rxjs@7.8.1", "date-fns@3.6.0", "@babel/core@7.24.5", "eslint@8.57.0", "jsdom@24.0.0"]
IMAGES = ["@fontsource/roboto@5.0.13", "@fontsource/open-sans@5.0.28", "flag-icons@7.2.3", "emoji-datasource-apple@15.1.2"]
QUICK_NPM = ["lodash@4.17.21", "express@4.19.2"]
QUICK_IMAGES = ["@fontsource/roboto@5.0.13"]

# What people begin projects with: 24 that have little in common but what npm puts below them.
PROJECTS = {
    "angular": "@angular/cli@17.3.7 @angular/core@17.3.7 @angular/common@17.3.7 @angular/router@17.3.7 rxjs@7.8.1 zone.js@0.14.4",
    "apollo": "@apollo/server@4.10.4 graphql@16.8.1 @apollo/client@3.10.2 react@18.3.1",
    "aws-sdk": "aws-sdk@2.1692.0",
    "aws-sdk-3": "@aws-sdk/client-s3@3.569.0 @aws-sdk/client-dynamodb@3.569.0 @aws-sdk/client-lambda@3.569.0 @aws-sdk/client-ec2@3.569.0",
    "babel": "@babel/core@7.24.5 @babel/preset-env@7.24.5 @babel/preset-react@7.24.1 @babel/cli@7.24.5",
    "cdk": "aws-cdk-lib@2.140.0 constructs@10.3.0",
    "dates": "date-fns@3.6.0 moment@2.30.1 luxon@3.4.4 lodash@4.17.21 ramda@0.30.0",
    "eslint": "eslint@8.57.0 eslint-config-airbnb-base@15.0.0 eslint-plugin-import@2.29.1 prettier@3.2.5",
    "express": "express@4.19.2 body-parser@1.20.2 helmet@7.1.0 passport@0.7.0",
    "firebase": "firebase@10.11.1 firebase-admin@12.1.0",
    "google": "googleapis@137.1.0 @google-cloud/storage@7.11.0",
    "jest": "jest@29.7.0 ts-jest@29.1.2 typescript@5.4.5",
    "jsdom": "jsdom@24.0.0 cheerio@1.0.0-rc.12 gulp@5.0.0 browserify@17.0.0",
    "mocha": "mocha@10.4.0 nyc@15.1.0 sinon@17.0.1 chai@4.4.1 karma@6.4.3",
    "mui": "@mui/material@5.15.16 @emotion/react@11.11.4 @emotion/styled@11.11.5 react@18.3.1 react-dom@18.3.1",
    "nest": "@nestjs/core@10.3.8 @nestjs/common@10.3.8 @nestjs/cli@10.3.2 reflect-metadata@0.2.2 rxjs@7.8.1",
    "next": "next@14.2.3 react@18.3.1 react-dom@18.3.1",
    "orm": "typeorm@0.3.20 sequelize@6.37.3 knex@3.1.0 mongoose@8.3.3",
    "react-scripts": "react-scripts@5.0.1 react@18.3.1",
    "storybook": "storybook@8.0.9 @storybook/react@8.0.9 react@18.3.1 react-dom@18.3.1",
    "svelte": "@sveltejs/kit@2.5.7 svelte@4.2.15 @11ty/eleventy@2.0.1",
    "typescript": "typescript@5.4.5 ts-node@10.9.2 @types/node@20.12.7 tslib@2.6.2",
    "vite": "vite@5.2.11 vue@3.4.26 vue-router@4.3.2 pinia@2.1.7",
    "webpack": "webpack@5.91.0 webpack-cli@5.1.4 webpack-dev-server@5.0.4",
}
QUICK_PROJECTS = {"express": PROJECTS["express"], "parser": "body-parser@1.20.2 lodash@4.17.21"}


def npm(folder, packages):
    """Returns the folder of the installed packages."""
    modules = os.path.join(folder, "node_modules")
    if os.path.exists(folder + ".whole"):
        return modules
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "package.json"), "w") as out:
        out.write('{"name": "bench", "version": "1.0.0", "private": true}')
    with open(folder + ".log", "w") as log:
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock",
                               *packages], cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"bench_pack: npm could not install {' '.join(packages)}; see {folder}.log")
    open(folder + ".whole", "w").close()
    return modules


def projects(work, quick):
    """Folders of packages, by the names of the projects."""
    wanted = QUICK_PROJECTS if quick else PROJECTS
    return {name: npm(os.path.join(work, "projects", name), packages.split()) for name, packages in wanted.items()}


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def take(files, target, prefix, most_bytes, most_files=10**9):
    """Copies files in their order until there are so many bytes; returns bytes and files."""
    taken = count = 0
    for path, name in files:
        size = os.stat(path).st_size
        if taken + size > most_bytes or count == most_files or size == 0:
            continue
        place = os.path.join(target, prefix, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.copyfile(path, place)
        taken += size
        count += 1
    return taken, count


def walk(top, wanted=lambda name: True):
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if wanted(name) and os.path.isfile(path) and not os.path.islink(path):
                yield path, os.path.relpath(path, top)


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def corpus(work, quick):
    """250 MB in 6,000 files: ELF 81, node modules 118, Python 43, images 10."""
    target, scale = os.path.join(work, "corpus"), 0.01 if quick else 1
    modules = npm(os.path.join(work, "npm"), QUICK_NPM if quick else NPM)
    if not os.path.exists(target + ".whole"):
        fresh(target)
        elf = [(p, n) for top in ("/usr/lib/x86_64-linux-gnu", "/usr/bin") for p, n in walk(top) if is_elf(p)]
        random.Random(1).shuffle(elf)
        elf = [(p, n) for p, n in elf if os.stat(p).st_size < 32 * MB]
        images = npm(os.path.join(work, "images"), QUICK_IMAGES if quick else IMAGES)
        total = [take(elf, target, "elf", 81 * MB * scale, 500),
                 take(walk("/usr/lib/python3.11", lambda n: not n.endswith(".pyc")), target, "python", 43 * MB * scale),
                 take(walk(modules), target, "node", 118 * MB * scale, 4600 * scale + 40),
                 take(walk(images, lambda n: n.endswith((".png", ".woff", ".woff2"))),
                      target, "images", 10 * MB * scale, 600)]
        with open(target + ".whole", "w") as out:
            out.write(json.dumps(total))
    with open(target + ".whole") as file:
        total = json.load(file)
    print(f"corpus: {sum(b for b, _ in total):,} B, {sum(c for _, c in total):,} files (ELF, Python, node, images: "
          + ", ".join(f"{b / MB:.0f} MB in {c:,}" for b, c in total) + ")")
    return target
