using OrleansEdge.Client.CommandLine;

using var signals = new StopSignals(TimeProvider.System);
return await ConsoleApplication.Run(args, ConsoleEnvironment.OfProcess(), signals.Stop);
