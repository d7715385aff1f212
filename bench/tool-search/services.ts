/** A service whose tools are five for each thing it keeps. */
export interface Service {
  readonly name: string;
  readonly about: string;
  /** What it keeps, in one word or two, and what that is. */
  readonly things: Readonly<Record<string, string>>;
}

/** Services as people connect them, with the words their own documentation uses. */
export const services: readonly Service[] = [
  {
    name: "github",
    about: "GitHub, where source code is kept and reviewed",
    things: {
      issue: "bug reports and feature requests of a repository",
      pull_request: "proposed changes of a repository and their reviews",
      release: "tagged versions of a repository with notes and files",
      workflow_run: "runs of a repository's continuous integration",
    },
  },
  {
    name: "gitlab",
    about: "GitLab, where source code is kept and built",
    things: {
      issue: "issues of a project",
      merge_request: "proposed changes of a project and their reviews",
      pipeline: "runs of a project's continuous integration",
      snippet: "short pieces of code that are shared",
    },
  },
  {
    name: "jira",
    about: "Jira, where teams plan and track work",
    things: {
      ticket: "work items with their state, priority and assignee",
      sprint: "time boxes of a board",
      epic: "large pieces of work that hold tickets",
      worklog: "time that was spent on a ticket",
    },
  },
  {
    name: "slack",
    about: "Slack, where teams write to each other",
    things: {
      message: "messages in a channel or thread",
      channel: "channels of the workspace and who is in them",
      reminder: "reminders for a person at a time",
      user_group: "groups of people that are mentioned together",
    },
  },
  {
    name: "gmail",
    about: "Gmail, a mailbox",
    things: {
      email: "mails that were received or sent",
      draft: "mails that were written and not sent",
      label: "labels that mails are sorted by",
      filter: "rules that sort incoming mail",
    },
  },
  {
    name: "calendar",
    about: "Google Calendar",
    things: {
      event: "meetings and appointments with their guests",
      calendar: "calendars of a person",
      availability: "when people are free or busy",
      room: "meeting rooms that can be booked",
    },
  },
  {
    name: "drive",
    about: "Google Drive, where files are kept",
    things: {
      file: "files and their contents",
      folder: "folders of files",
      permission: "who may see or change a file",
      comment: "remarks on a file",
    },
  },
  {
    name: "notion",
    about: "Notion, a wiki of pages and tables",
    things: {
      page: "pages of text",
      database: "tables of pages",
      block: "paragraphs, lists and headings of a page",
      member: "people of the workspace",
    },
  },
  {
    name: "stripe",
    about: "Stripe, where customers pay",
    things: {
      payment: "payments by card or transfer",
      refund: "money given back to a customer",
      invoice: "invoices and whether they were paid",
      subscription: "plans that customers pay for again and again",
    },
  },
  {
    name: "salesforce",
    about: "Salesforce, where sales are tracked",
    things: {
      lead: "people who may become customers",
      opportunity: "deals and their stage",
      account: "companies that are customers",
      campaign: "marketing campaigns and their results",
    },
  },
  {
    name: "hubspot",
    about: "HubSpot, a customer database",
    things: {
      contact: "people and how to reach them",
      deal: "sales and their amount",
      form: "forms on a web site and what was entered",
      newsletter: "mails sent to many contacts",
    },
  },
  {
    name: "zendesk",
    about: "Zendesk, where customers are helped",
    things: {
      ticket: "requests of customers for help",
      article: "articles of the help center",
      macro: "prepared answers",
      satisfaction: "ratings that customers gave",
    },
  },
  {
    name: "kubernetes",
    about: "a Kubernetes cluster",
    things: {
      pod: "running containers and their logs",
      deployment: "programs that are kept running in a number of copies",
      config_map: "settings of programs",
      node: "machines of the cluster",
    },
  },
  {
    name: "aws_s3",
    about: "Amazon S3, a store of objects",
    things: {
      bucket: "buckets and their rules",
      object: "objects in a bucket",
      lifecycle: "rules that move or delete old objects",
      multipart_upload: "large uploads that are not finished",
    },
  },
  {
    name: "postgres",
    about: "a PostgreSQL database",
    things: {
      query: "statements in SQL and their rows",
      table: "tables and their columns",
      index: "indexes that make queries faster",
      role: "users of the database and their rights",
    },
  },
  {
    name: "grafana",
    about: "Grafana, where measurements are shown",
    things: {
      dashboard: "dashboards and their panels",
      alert: "alerts and whether they fire",
      annotation: "marks on a graph at a time",
      datasource: "where measurements come from",
    },
  },
  {
    name: "pagerduty",
    about: "PagerDuty, which wakes who is on call",
    things: {
      incident: "incidents and who works on them",
      schedule: "who is on call and when",
      escalation: "whom an incident goes to next",
      maintenance_window: "times without alerts",
    },
  },
  {
    name: "sentry",
    about: "Sentry, which collects errors of programs",
    things: {
      error: "errors with their stack traces",
      release: "versions of a program and their health",
      project: "programs that report errors",
      replay: "recordings of what a user did before an error",
    },
  },
  {
    name: "slurm",
    about: "a computing cluster under Slurm",
    things: {
      job: "batch jobs in the queue or running",
      partition: "parts of the cluster and their limits",
      reservation: "nodes kept free for somebody",
      account: "accounts and their use of computing time",
    },
  },
  {
    name: "weather",
    about: "a weather service",
    things: {
      forecast: "the weather of the next days at a place",
      observation: "the weather that was measured at a station",
      warning: "warnings of storms, floods and heat",
      station: "weather stations and where they are",
    },
  },
  {
    name: "maps",
    about: "a map service",
    things: {
      route: "ways from one place to another and how long they take",
      place: "restaurants, shops and sights near a point",
      address: "the coordinates of an address, and the reverse",
      traffic: "how busy roads are",
    },
  },
  {
    name: "spotify",
    about: "Spotify, which plays music",
    things: {
      playlist: "lists of songs",
      track: "songs and their artists",
      album: "albums of an artist",
      playback: "what plays now on which device",
    },
  },
  {
    name: "figma",
    about: "Figma, where interfaces are drawn",
    things: {
      design: "drawings and their frames",
      component: "parts that are used again",
      comment: "remarks on a drawing",
      export: "pictures made of a drawing",
    },
  },
  {
    name: "home",
    about: "a house with connected devices",
    things: {
      light: "lamps, their brightness and colour",
      thermostat: "the temperature of a room",
      camera: "cameras and what they see",
      scene: "settings of several devices at once",
    },
  },
  {
    name: "bank",
    about: "a bank account",
    things: {
      transfer: "money sent to somebody",
      transaction: "what was paid in and out",
      card: "cards and their limits",
      statement: "monthly statements",
    },
  },
];
