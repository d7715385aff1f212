/** Something a person wants, and the call that does it. */
export interface Task {
  /** What the person writes. */
  readonly words: string;
  /** What a model searches for: a few words of its own, written before anything was measured. */
  readonly query: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const place = "acme/shop";

export const tasks: readonly Task[] = [
  {
    words: "The checkout of the web shop fails with coupons. File a bug for it on GitHub.",
    query: "create github issue",
    tool: "github_create_issue",
    args: { title: "Checkout fails with coupons", parent: place },
  },
  {
    words: "Which pull requests are waiting for a review in acme/shop?",
    query: "list open pull requests",
    tool: "github_list_pull_requests",
    args: { filter: "review:required repo:acme/shop" },
  },
  {
    words: "Why did last night's pipeline of the billing project fail on GitLab?",
    query: "gitlab pipeline runs",
    tool: "gitlab_list_pipelines",
    args: { filter: "status=failed project=billing" },
  },
  {
    words: "Move SHOP-142 to done in Jira.",
    query: "update jira ticket status",
    tool: "jira_update_ticket",
    args: { id: "SHOP-142", state: "closed" },
  },
  {
    words: "Log two hours on SHOP-142 for yesterday.",
    query: "log time on a jira ticket",
    tool: "jira_create_worklog",
    args: { title: "2h", parent: "SHOP-142", fields: { started: "2026-11-27", seconds: 7200 } },
  },
  {
    words: "Tell the #ops channel that the deployment starts in ten minutes.",
    query: "send slack message to channel",
    tool: "slack_create_message",
    args: { title: "The deployment starts in ten minutes", parent: "#ops" },
  },
  {
    words: "Remind me on Slack tomorrow at nine to renew the certificate.",
    query: "set a reminder slack",
    tool: "slack_create_reminder",
    args: { title: "Renew the certificate", parent: "@me", due: "2026-11-29T09:00:00Z" },
  },
  {
    words: "Find the mail from Lena about the contract.",
    query: "search emails",
    tool: "gmail_list_emails",
    args: { filter: "from:lena contract" },
  },
  {
    words: "Book a meeting with Ada and Bob on Thursday at two.",
    query: "create calendar event",
    tool: "calendar_create_event",
    args: { title: "Meeting", parent: "primary", assignees: ["ada", "bob"], due: "2026-12-03T14:00:00Z" },
  },
  {
    words: "When are Ada and Bob both free next week?",
    query: "check free busy times",
    tool: "calendar_list_availabilities",
    args: { filter: "ada,bob 2026-12-01/2026-12-05" },
  },
  {
    words: "Let Lena edit the budget spreadsheet on Drive.",
    query: "share a file with someone",
    tool: "drive_create_permission",
    args: { title: "writer", parent: "budget.xlsx", assignees: ["lena"] },
  },
  {
    words: "Give the customer of order 991 their money back.",
    query: "refund a payment",
    tool: "stripe_create_refund",
    args: { title: "Order 991", parent: "pi_991" },
  },
  {
    words: "Which invoices are overdue?",
    query: "unpaid invoices",
    tool: "stripe_list_invoices",
    args: { filter: "status:overdue" },
  },
  {
    words: "Show me the logs of the crashing checkout container.",
    query: "kubernetes pod logs",
    tool: "kubernetes_get_pod",
    args: { id: "checkout-7f9", include: ["logs"] },
  },
  {
    words: "Scale the checkout service to six copies.",
    query: "scale kubernetes deployment replicas",
    tool: "kubernetes_update_deployment",
    args: { id: "checkout", fields: { replicas: 6 } },
  },
  {
    words: "Who is on call this weekend?",
    query: "on-call schedule",
    tool: "pagerduty_list_schedules",
    args: { filter: "2026-11-28/2026-11-29" },
  },
  {
    words: "Silence the alerts of the database cluster tonight between one and three.",
    query: "schedule maintenance window to silence alerts",
    tool: "pagerduty_create_maintenance_window",
    args: { title: "Database", parent: "db", due: "2026-11-29T01:00:00Z" },
  },
  {
    words: "Is my simulation still waiting on the cluster?",
    query: "status of slurm job",
    tool: "slurm_get_job",
    args: { id: "4711" },
  },
  {
    words: "Will it rain in Bergen on Sunday?",
    query: "weather forecast",
    tool: "weather_list_forecasts",
    args: { filter: "Bergen 2026-11-29" },
  },
  {
    words: "Send 50 euros to Mia for the tickets.",
    query: "bank transfer money",
    tool: "bank_create_transfer",
    args: { title: "Tickets", parent: "main", fields: { to: "Mia", amount: "50.00 EUR" } },
  },
];
