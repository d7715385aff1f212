/** x */ export {};
