using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Engine.Bench;

/// <summary>
/// Saves and loads a model, beside a plain copy of the file with the same bytes. A save flushes the file to disk, and so does the copy that
/// it is compared with; a load reads from the cache of the system, as the copy that is not flushed does. The least time of some rounds
/// counts. <c>--parameters=N</c> for another number than 100 million, <c>--directory=PATH</c> for another disk.
/// </summary>
internal static class FilesComparison
{
    private const int Rounds = 5;

    public static int Run(string[] words)
    {
        int count = Argument(words, "--parameters=") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 100_000_000;
        string directory = Path.Combine(Argument(words, "--directory=") ?? Path.GetTempPath(), $"engine-files-{Environment.ProcessId}");
        Directory.CreateDirectory(directory);
        try
        {
            Compare(count, Path.Combine(directory, "model.safetensors"), Path.Combine(directory, "copy"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        return 0;
    }

    private static void Compare(int count, string saved, string copied)
    {
        const int columns = 1000;
        Linear<float> model = new(columns, count / columns, RandomKey.FromSeed(1));
        float first = model.Weight.Value.Span[0], last = model.Weight.Value.Span[^1];
        model.Save(saved);
        long bytes = new FileInfo(saved).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
                $"{model.Parameters.Sum(static p => (long)p.Value.Length)} parameters, {bytes} bytes; least of {Rounds}"));
        Console.WriteLine($"{"",-30} {"ms",10} {"of the copy",12}");

        double save = double.PositiveInfinity, load = save, copy = save, flushed = save;
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            copy = Math.Min(copy, Milliseconds(() => File.Copy(saved, copied, overwrite: true)));
            flushed = Math.Min(flushed, Milliseconds(() =>
            {
                File.Copy(saved, copied, overwrite: true);
                using SafeFileHandle handle = File.OpenHandle(copied, FileMode.Open, FileAccess.Write);
                RandomAccess.FlushToDisk(handle);
            }));
            long before = GC.GetTotalAllocatedBytes(precise: true);
            save = Math.Min(save, Milliseconds(() => model.Save(saved)));
            load = Math.Min(load, Milliseconds(() => model.Load(saved)));
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        if (model.Weight.Value.Span[0] != first || model.Weight.Value.Span[^1] != last)
        {
            throw new InvalidDataException("The model that was loaded is not the one that was saved.");
        }
        Row("copy", copy, copy);
        Row("load", load, copy);
        Row("copy, flushed to disk", flushed, flushed);
        Row("save", save, flushed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"One save and one load allocate {allocated} bytes."));

        static void Row(string name, double milliseconds, double peer) => Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{name,-30} {milliseconds,10:0.0} {milliseconds / peer,12:0.00}"));
    }

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string? Argument(string[] words, string name) =>
        words.FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
