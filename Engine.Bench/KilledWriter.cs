using System.Diagnostics;
using System.Globalization;

namespace Engine.Bench;

/// <summary>
/// Kills a process that writes checkpoints, again and again at random moments, and looks at what is left: the newest complete checkpoint
/// must load, and none that the process has acknowledged may be lost.
/// </summary>
internal static class KilledWriter
{
    private const string Write = "--write=", Times = "--times=";

    /// <summary>Runs the comparison, or as its own child the writer.</summary>
    public static int Run(string[] args)
    {
        if (args.FirstOrDefault(static arg => arg.StartsWith(Write, StringComparison.Ordinal)) is { } folder)
        {
            WriteForever(folder[Write.Length..]);
        }
        string? given = args.FirstOrDefault(static arg => arg.StartsWith(Times, StringComparison.Ordinal));
        int times = given is null ? 300 : int.Parse(given.AsSpan(Times.Length), CultureInfo.InvariantCulture);
        string path = Directory.CreateTempSubdirectory("engine-kill-").FullName;
        RandomKey key = RandomKey.FromSeed(1);
        int lost = 0, unreadable = 0, damaged = 0, left = 0;
        long saved = 0;
        try
        {
            for (int i = 0; i < times; i++)
            {
                long acknowledged = KillAfter(path, TimeSpan.FromMilliseconds(20 + 300 * key.Uniform(i)));
                Model model = new(path);
                try
                {
                    CheckpointLoad? load = model.Folder.LoadNewest();
                    damaged += load?.Damaged.Count ?? 0;
                    lost += (load?.Step ?? 0) < acknowledged || (load is not null && !model.IsConsistent) ? 1 : 0;
                    saved = load?.Step ?? 0;
                }
                catch (MalformedFileException exception)
                {
                    unreadable++;
                    Console.WriteLine(exception.Message);
                }
                left += Directory.GetFiles(path, "*.tmp").Length;
                foreach (string file in Directory.GetFiles(path, "*.tmp"))
                {
                    File.Delete(file);
                }
            }
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{times} kills over {saved} checkpoints: {lost} acknowledged ones lost, {unreadable} times nothing could be read, "
                + $"{damaged} damaged files, {left} temporary files left behind"));
        return lost + unreadable + damaged == 0 ? 0 : 1;
    }

    /// <summary>The last step that the writer has acknowledged before it was killed.</summary>
    private static long KillAfter(string path, TimeSpan time)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(KilledWriter).Assembly.Location);
        }
        start.ArgumentList.Add("kill");
        start.ArgumentList.Add(Write + path);
        using Process writer = Process.Start(start)!;
        // the time begins when the first checkpoint of this process is there
        long acknowledged = long.Parse(writer.StandardOutput.ReadLine() ?? "0", CultureInfo.InvariantCulture);
        Thread.Sleep(time);
        writer.Kill();
        writer.WaitForExit();
        foreach (string line in writer.StandardOutput.ReadToEnd().Split('\n'))
        {
            // the last line may be cut off, and is then shorter than the number
            if (line.EndsWith('.') && long.TryParse(line.AsSpan(0, line.Length - 1), CultureInfo.InvariantCulture, out long step))
            {
                acknowledged = step;
            }
        }
        return acknowledged;
    }

    private static void WriteForever(string path)
    {
        Model model = new(path);
        long step = model.Folder.LoadNewest()?.Step ?? 0;
        bool isFirst = true;
        while (true)
        {
            model.Set(++step);
            model.Folder.Save(step);
            Console.WriteLine(isFirst ? $"{step}" : $"{step}.");
            isFirst = false;
        }
    }

    /// <summary>A model whose two tensors are equal in every checkpoint that is whole.</summary>
    private sealed class Model : Layer<float>
    {
        private readonly Parameter<float> _first, _second;

        public Model(string path)
        {
            _first = AddParameter("first", Tensor<float>.Zeros([50_000]));
            _second = AddParameter("second", Tensor<float>.Zeros([50_000]));
            Checkpoint<float> checkpoint = new();
            checkpoint.Add("model", this);
            Folder = new CheckpointFolder<float>(path, checkpoint);
        }

        public CheckpointFolder<float> Folder { get; }

        public bool IsConsistent => _first.Value.Span.SequenceEqual(_second.Value.Span);

        public override Tensor<float> Forward(Tensor<float> x) => x + _first.Value + _second.Value;

        public void Set(long step)
        {
            _first.SetValue(Tensor<float>.Full([50_000], step));
            _second.SetValue(Tensor<float>.Full([50_000], step));
        }
    }
}
