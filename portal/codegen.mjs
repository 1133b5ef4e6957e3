// Writes src/gql from the schema: the operations of src/queries with their types, and what each mutation asks for, from which the
// forms of actions are built. Every operation is checked against the schema of each role that sends it.
//
// The first line of an operation file names its roles: `# roles: BRANCH_CLERK BRANCH_MANAGER`. A field with `@ifSeen` is left out
// for a role whose schema does not have it; its type is optional.
import { codegen } from '@graphql-codegen/core'
import * as operationTypes from '@graphql-codegen/typescript-operations'
import { buildSchema, isEnumType, isUnionType, isInputObjectType, isListType, isNonNullType, getNamedType, parse, print, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const here = import.meta.dirname
const read = (path) => readFileSync(join(here, path), 'utf8')
const schema = buildSchema(read('../api/schema.graphql'))
const seen = 'directive @ifSeen on FIELD'
const roleSchemas = new Map()
const schemaOf = (role) => {
  if (!roleSchemas.has(role)) {
    roleSchemas.set(role, buildSchema(read(`../docs/generated/schema/${role}.graphql`)))
  }
  return roleSchemas.get(role)
}

const fail = (where, problems) => {
  for (const problem of problems) console.error(`${where}: ${problem.message ?? problem}`)
  process.exit(1)
}
const isIfSeen = (directive) => directive.name.value === 'ifSeen'
const withoutMark = (node) => ({ ...node, directives: node.directives.filter((directive) => !isIfSeen(directive)) })

/** The document as this role may send it. */
function forRole(document, role) {
  const info = new TypeInfo(schemaOf(role))
  const seen = visit(document, visitWithTypeInfo(info, {
    Field(node) {
      if (!node.directives?.some(isIfSeen)) return undefined
      return info.getFieldDef() ? withoutMark(node) : null
    },
  }))
  // What only a field takes that was left out is not declared either. What nobody takes at all is a fault, which validation finds.
  const taken = variablesOf(seen)
  const before = variablesOf(document)
  return visit(seen, { VariableDefinition: ({ variable }) => (before.has(variable.name.value) && !taken.has(variable.name.value) ? null : undefined) })
}

/** Names of the variables that fields of the document take. */
function variablesOf(document) {
  const taken = new Set()
  visit(document, { VariableDefinition: () => false, Variable: ({ name }) => void taken.add(name.value) })
  return taken
}

const folders = readdirSync(join(here, 'src/queries'))
const documents = []
const operations = []
for (const folder of folders) {
  for (const name of readdirSync(join(here, 'src/queries', folder)).filter((name) => name.endsWith('.graphql'))) {
    const where = `src/queries/${folder}/${name}`
    const text = read(where)
    const roles = /^# roles: (.*)$/m.exec(text)?.[1]?.split(' ')
    if (!roles) fail(where, ['the first line names the roles: # roles: BRANCH_CLERK'])
    const document = parse(text)
    const fragments = document.definitions.filter((one) => one.kind === 'FragmentDefinition')
    // Optional in the types: the generator knows @include.
    const typed = visit(document, {
      Directive: (node) => (isIfSeen(node) ? { ...parse('{ a @include(if: true) }').definitions[0].selectionSet.selections[0].directives[0] } : undefined),
    })
    documents.push({ location: where, document: typed })
    for (const operation of document.definitions.filter((one) => one.kind === 'OperationDefinition')) {
      const texts = {}
      for (const role of roles) {
        const alone = forRole({ kind: 'Document', definitions: [operation, ...fragments] }, role)
        const used = usedOf(alone)
        const sent = { ...alone, definitions: alone.definitions.filter((one) => one.kind === 'OperationDefinition' || used.has(one.name.value)) }
        const problems = validate(schemaOf(role), sent)
        if (problems.length) fail(`${where} for ${role}`, problems)
        const printed = print(sent).replace(/\s+/g, ' ')
        ;(texts[printed] ??= []).push(role)
      }
      operations.push({ name: operation.name.value, kind: operation.operation, texts })
    }
  }
}

/** Fragments that the operation uses, directly or through others. */
function usedOf(document) {
  const spreads = (node) => {
    const names = []
    visit(node, { FragmentSpread: (spread) => void names.push(spread.name.value) })
    return names
  }
  const used = new Set()
  const open = document.definitions.filter((one) => one.kind === 'OperationDefinition').flatMap(spreads)
  while (open.length) {
    const name = open.pop()
    if (used.has(name)) continue
    used.add(name)
    open.push(...document.definitions.filter((one) => one.kind === 'FragmentDefinition' && one.name.value === name).flatMap(spreads))
  }
  return used
}

const scalars = { Yen: 'number', Date: 'string', DateTime: 'string', ClockTime: 'string', Percent: 'string', Decimal: 'string', Json: 'unknown', ID: 'string' }
const types = await codegen({
  filename: 'operations.ts',
  schema: parse(read('../api/schema.graphql') + '\n' + seen),
  documents,
  plugins: [{ operations: {} }],
  pluginMap: { operations: operationTypes },
  config: { scalars, enumsAsTypes: true, skipTypename: false, avoidOptionals: false, useTypeImports: true },
})

const lines = operations.map(({ name, kind, texts }) => {
  const variants = Object.entries(texts).map(([text, roles]) => `  [${JSON.stringify(roles.join(' '))}, ${JSON.stringify(text)}],`)
  const suffix = kind[0].toUpperCase() + kind.slice(1)
  return `export const ${name}: Operation<${name}${suffix}, ${name}${suffix}Variables> = operation([\n${variants.join('\n')}\n])`
})
mkdirSync(join(here, 'src/gql'), { recursive: true })
const head = '// Written by codegen.mjs; never edited.\n'
writeFileSync(join(here, 'src/gql/operations.ts'), `${head}import { operation, type Operation } from '@/lib/operation'\n${types}\n${lines.join('\n')}\n`)

// What mutations ask for.
const inputs = {}
const enums = {}
const typeOf = (type) => {
  const required = isNonNullType(type)
  let inner = required ? type.ofType : type
  const list = isListType(inner)
  const named = getNamedType(inner)
  if (isInputObjectType(named) && !(named.name in inputs)) {
    inputs[named.name] = []
    inputs[named.name] = Object.values(named.getFields()).map((field) => ({ name: field.name, ...typeOf(field.type) }))
  }
  if (isEnumType(named)) enums[named.name] ??= named.getValues().map((value) => value.name)
  return { type: named.name, ...(required && { required }), ...(list && { list }) }
}
const verbs = {}
for (const field of Object.values(schema.getMutationType().getFields())) {
  // A verb of the table answers with a union; whatever else takes a case is no action on it.
  if (!isUnionType(getNamedType(field.type))) continue
  // The pages name the version that was looked at; a request is named by programs, which have its message and no page.
  const named = ['applicationId', 'expectedVersion', 'requestId']
  const asked = field.args.filter((arg) => !named.includes(arg.name))
  verbs[field.name] = asked.map((arg) => ({ name: arg.name, ...typeOf(arg.type) }))
}
// Forms that are no verb: what is asked goes with a question.
for (const name of ['TransferOrderInput']) typeOf(schema.getType(name))
const asked = `${head}import type { Argument } from '@/lib/command'
export const VERBS: Record<string, Argument[]> = ${JSON.stringify(verbs)}
export const INPUTS: Record<string, Argument[]> = ${JSON.stringify(inputs)}
export const ENUMS: Record<string, string[]> = ${JSON.stringify(enums)}
`
writeFileSync(join(here, 'src/gql/verbs.ts'), asked)

// Types without an identity of their own: they are kept inside what they belong to.
const own = new Set(['Application', 'QueuedTask', 'InboxItem', 'Deputy'])
const parts = Object.values(schema.getTypeMap()).filter((type) => type.getFields && !isInputObjectType(type) && !type.name.startsWith('__'))
const roots = new Set(['Query', 'Mutation', 'Subscription'])
const names = parts.map((type) => type.name).filter((name) => !own.has(name) && !roots.has(name))
writeFileSync(join(here, 'src/gql/parts.ts'), `${head}export const PARTS: string[] = ${JSON.stringify(names)}\n`)
console.log(`codegen: ${operations.length} operations, ${Object.keys(verbs).length} verbs from ${basename('api/schema.graphql')}`)
