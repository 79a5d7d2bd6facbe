using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe cluster submit|status|watch|fetch|stop</c>: jobs on an Orleans cluster.</summary>
internal sealed class ClusterCommand : IConsoleCommand
{
    private readonly ClusterOptions _cluster = new();
    private readonly Option<bool> _profile = Options.Switch(
        "--profile", "Every player's strategy in a game, as field 'profile' of the JSON.");

    public int Order => 70;

    public Command Create(CommandBinder binder)
    {
        var cluster = new Command(
            "cluster", "Jobs on an Orleans cluster of several machines. 'oe-silo' starts a silo of one; docs/cluster.md says "
            + "how to get it.");
        var submit = new Command("submit", "Submits a job and shows its progress; Ctrl+C leaves it running.");
        var train = new Command("train", "Trains a model on the cluster's workers.");
        foreach (var algorithm in AlgorithmDefaults.All)
        {
            train.Add(Submit(binder, algorithm));
        }
        submit.Add(train);
        cluster.Add(submit);
        cluster.Add(OfJob(
            binder, "watch", "Shows the progress of a job or a game; Ctrl+C leaves it running.", Watch, ClusterGameView.Watch));
        var fetch = OfJob(
            binder, "fetch", "Writes the run folder of a job or a game that has ended: manifest and report; of training "
                + "also curve, model and checkpoint.",
            Fetch,
            (invocation, games, game) => ClusterGameView.Fetch(invocation, games, game, invocation.Value(_profile)));
        fetch.Add(_profile);
        cluster.Add(fetch);
        cluster.Add(OfJob(
            binder, "stop", "Ends a job at its present clock, with what it has learnt; a game after its slot.", Stop,
            ClusterGameView.Stop));
        var name =
            new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "The job or game; all that run." };
        var status = new Command("status", "Says how far jobs and games are, and what silos there are.") { name };
        _cluster.AddTo(status);
        cluster.Add(binder.Bind(status, invocation =>
        {
            RefuseFolder(invocation, "status");
            RefuseSeed(invocation, "status");
            return Status(invocation, invocation.Value(name));
        }));
        return cluster;
    }

    private Command Submit(CommandBinder binder, AlgorithmDefaults algorithm)
    {
        var options = new TrainingOptions(algorithm);
        var name = Options.Text(
            "--name", "Name of the job (default: ALGORITHM-TIME).", "a name without '/' and '@'", "NAME");
        var replicas = Options.Integer(
            "--replicas", "Copies of each shard that hold a push before it counts.", 1, 0, 1);
        var persist = Options.Long("--persist-every", "Updates between writes of the shards to storage.", 1000, 0);
        var at = Options.Text(
            "--at", "Sites that the workers are pinned to, in turn, as their data is there (default: all silos).", "SITE,...", "LIST");
        var detach = Options.Switch("--detach", "Does not wait for the job.");
        var command = new Command(algorithm.Name, algorithm.Description) { name, replicas, persist, at, detach };
        options.AddTo(command, inVirtualTime: false);
        _cluster.AddTo(command);
        return binder.Bind(command, async invocation =>
        {
            if (invocation.Value(detach) && invocation.OutputFolder is not null)
            {
                throw OrleansEdgeException.Usage("--detach and --output are both given; 'oe cluster fetch NAME --output DIR' "
                    + "writes the folder once the job has ended");
            }
            var plan = options.NewPlan(invocation, invocation.Environment.Data);
            var time = invocation.Environment.Clock.GetUtcNow().ToString(
                "yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            var job = plan.Job with
            {
                Name = invocation.Value(name) ?? $"{algorithm.Name}-{time}",
                Replicas = invocation.Value(replicas),
                PersistEvery = invocation.Value(persist),
                WorkerSites = invocation.Value(at) is { } sites ? new WorkerSites(sites) : null,
                WorkerSpeeds = plan.Classes.SpeedsOf(plan.Job.Workers, plan.Job.Seed),
            };
            job.Validate();
            if (!invocation.Value(detach))
            {
                invocation.ReserveFolder(ClusterRunFolder.NameOf(job));
            }
            return await InCluster(invocation, (jobs, _) => Submit(invocation, jobs, job, invocation.Value(detach)));
        });
    }

    private static async Task<ExitCode> Submit(Invocation invocation, ClusterJobs jobs, TrainingJob job, bool detach)
    {
        var (view, started) = (new ProgressView(invocation), invocation.Environment.Clock.GetUtcNow());
        switch (await Start(invocation, jobs, job))
        {
            case Submission.EndedBefore:
                view.Say($"job {job.Name} has ended already; this is its result (--name gives a new run another name)");
                var (_, ended) = await jobs.Status(job.Name, invocation.Stop);
                Report(invocation, job, ended);
                return detach ? ExitCodeOf(job, ended) : await Keep(invocation, jobs, job, ended, started);
            case Submission.RunsAlready:
                view.Say($"job {job.Name} with these settings runs on the cluster already");
                break;
            default:
                view.Say($"job {job.Name} runs on the cluster");
                break;
        }
        if (detach)
        {
            view.Say(ClusterJobs.GoesOn("job", job.Name));
            return ExitCode.Success;
        }
        var (status, code) = await Follow(invocation, jobs, job);
        return status is null ? code : await Keep(invocation, jobs, job, status, started);
    }

    /// <summary>Writes the run folder of a job that has ended and was told about.</summary>
    private static async Task<ExitCode> Keep(
        Invocation invocation, ClusterJobs jobs, TrainingJob job, JobStatus status, DateTimeOffset started)
    {
        if (status.HoldsName())
        {
            ClusterRunFolder.Write(invocation, await jobs.Result(job.Name, invocation.Stop), started);
        }
        return ExitCodeOf(job, status);
    }

    private static async Task<Submission> Start(Invocation invocation, ClusterJobs jobs, TrainingJob job)
    {
        try
        {
            return await jobs.Start(job, invocation.Stop);
        }
        catch (OperationCanceledException) when (invocation.Stop.IsCancellationRequested)
        {
            throw new OrleansEdgeException(ExitCode.NotReached,
                $"stopped before the cluster has said that it has job {job.Name}; 'oe cluster status {job.Name}' tells");
        }
    }

    private Command OfJob(
        CommandBinder binder, string verb, string about, Func<Invocation, ClusterJobs, string, Task<ExitCode>> ofJob,
        Func<Invocation, ClusterGames, OffloadingJob, Task<ExitCode>> ofGame)
    {
        var name = new Argument<string>("name") { Description = "Name of the job or game." };
        var command = new Command(verb, about) { name };
        _cluster.AddTo(command);
        return binder.Bind(command, invocation =>
        {
            RefuseSeed(invocation, verb);
            if (verb != "fetch")
            {
                RefuseFolder(invocation, verb);
            }
            return InCluster(invocation, async (jobs, games) =>
                await games.Find(invocation.Value(name), invocation.Stop) is { } game
                    ? await ofGame(invocation, games, game)
                    : await ofJob(invocation, jobs, invocation.Value(name)));
        });
    }

    private static void RefuseFolder(Invocation invocation, string verb)
    {
        if (invocation.OutputFolder is not null)
        {
            throw OrleansEdgeException.Usage($"--output is given, but 'oe cluster {verb}' writes no folder; 'oe cluster fetch "
                + "NAME --output DIR' does");
        }
    }

    private static void RefuseSeed(Invocation invocation, string verb)
    {
        if (invocation.SeedIsGiven)
        {
            throw OrleansEdgeException.Usage(
                $"--seed is given, but 'oe cluster {verb}' draws nothing; a job has the seed that it was submitted with");
        }
    }

    private async Task<ExitCode> InCluster(Invocation invocation, Func<ClusterJobs, ClusterGames, Task<ExitCode>> run)
    {
        var clock = invocation.Environment.Clock;
        await using var connection = await ClusterConnection.Open(_cluster.Read(invocation), clock, invocation.Stop);
        return await run(new ClusterJobs(connection.Grains, clock), new ClusterGames(connection.Grains, clock));
    }

    private static async Task<ExitCode> Watch(Invocation invocation, ClusterJobs jobs, string name)
    {
        var (job, _) = await jobs.Status(name, invocation.Stop);
        return (await Follow(invocation, jobs, job)).Code;
    }

    private async Task<ExitCode> Fetch(Invocation invocation, ClusterJobs jobs, string name)
    {
        if (invocation.Value(_profile))
        {
            throw OrleansEdgeException.Usage($"--profile is given, but '{name}' is no game");
        }
        var started = invocation.Environment.Clock.GetUtcNow();
        var result = await jobs.Result(name, invocation.Stop);
        Report(invocation, result.Job, result.Outcome.Status);
        ClusterRunFolder.Write(invocation, result, started);
        return ExitCode.Success;
    }

    private static async Task<ExitCode> Stop(Invocation invocation, ClusterJobs jobs, string name)
    {
        await jobs.Stop(name, invocation.Stop);
        var (job, status) = await jobs.Status(name, invocation.Stop);
        if (status.Phase == JobPhase.Running)
        {
            new ProgressView(invocation).Say(
                $"job {name} ends with its last evaluation; '{ProgramName.Text} cluster watch {name}' shows it");
        }
        Report(invocation, job, status);
        return ExitCode.Success;
    }

    private async Task<ExitCode> Status(Invocation invocation, string? name)
    {
        var view = new ProgressView(invocation);
        var address = _cluster.Read(invocation);
        var findings = await ClusterConnection.Diagnose(address, invocation.Stop);
        foreach (var finding in findings)
        {
            view.Say($"{(finding.IsGood ? "ok     " : "missing")} {finding.Part}: {finding.Found}");
        }
        var clock = invocation.Environment.Clock;
        await using var connection = await ClusterConnection.Open(
            address, findings, ClusterConnection.Patience, clock, invocation.Stop);
        var (jobs, games) = (new ClusterJobs(connection.Grains, clock), new ClusterGames(connection.Grains, clock));
        var (shown, played) = (new List<object>(), new List<object>());
        foreach (var game in name is null ? await games.Running(invocation.Stop) : [name])
        {
            if (await games.Find(game, invocation.Stop) is not { } description)
            {
                continue;
            }
            var status = await games.Status(game, invocation.Stop);
            played.Add(new { Job = description, Status = status });
            if (!invocation.Json)
            {
                ClusterGameView.Report(invocation, description, status);
            }
        }
        foreach (var job in name is null ? await jobs.Running(invocation.Stop) : played.Count == 0 ? [name] : [])
        {
            var (description, status) = await jobs.Status(job, invocation.Stop);
            shown.Add(new { Job = description, Status = status });
            if (!invocation.Json)
            {
                Report(invocation, description, status);
            }
        }
        if (invocation.Json)
        {
            var found = findings.Select(finding => new { finding.IsGood, finding.Part, finding.Found });
            invocation.WriteJson(new { Command = "cluster status", Findings = found, Jobs = shown, Games = played });
        }
        else if (shown.Count + played.Count == 0)
        {
            view.Say("no job and no game is running");
        }
        return ExitCode.Success;
    }

    /// <summary>Shows a job until it has ended, then its result; no status when the user stops watching.</summary>
    private static async Task<(JobStatus? Status, ExitCode Code)> Follow(
        Invocation invocation, ClusterJobs jobs, TrainingJob job)
    {
        try
        {
            await new ProgressView(invocation).Show(
                job.Name, job, report => jobs.Watch(job.Name, report, invocation.Stop));
            var (_, status) = await jobs.Status(job.Name, invocation.Stop);
            Report(invocation, job, status);
            return (status, ExitCodeOf(job, status));
        }
        catch (OperationCanceledException) when (invocation.Stop.IsCancellationRequested)
        {
            invocation.Environment.Error.WriteLine("oe: " + ClusterJobs.GoesOn("job", job.Name));
            return (null, ExitCode.NotReached);
        }
    }

    private static ExitCode ExitCodeOf(TrainingJob job, JobStatus status) => status.ExitReason switch
    {
        ExitReasons.TargetReached => ExitCode.Success,
        ExitReasons.UpdatesReached when job.TargetAccuracy == 0 => ExitCode.Success,
        _ => ExitCode.NotReached,
    };

    private static void Report(Invocation invocation, TrainingJob job, JobStatus status)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(new { Command = "cluster", Job = job, Status = status });
            return;
        }
        var state = status.ExitReason ?? status.Phase.ToString().ToLowerInvariant();
        var accuracy = status.Curve is [.., var last]
            ? $", accuracy {Quantity.Percent(last.Accuracy)}, at best {Quantity.Percent(status.Curve.Max(p => p.Accuracy))}"
            : "";
        var lost = status.LostWorkers.Length > 0 ? $", {Quantity.Count(status.LostWorkers.Length)} workers lost" : "";
        invocation.Out.MarkupLine($"[bold]{Markup.Escape(job.Name)}[/] {Markup.Escape(state)}: " +
            $"{Quantity.Count(status.Updates)} of {Quantity.Count(job.Updates)} updates{accuracy}{lost}");
    }
}
