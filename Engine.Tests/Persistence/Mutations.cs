using System.Globalization;

namespace Engine.Tests.Persistence;

/// <summary>Runs a check on many damaged files, on all processors.</summary>
internal static class Mutations
{
    /// <summary>
    /// What reading may allocate beside the bytes of the file: objects of a fixed size, and an exception with its message. A length in the
    /// file that is believed is seen from here on.
    /// </summary>
    public const int Overhead = 32 << 10;

    /// <summary>The variable of the environment that asks for another number: see docs/reliability.md.</summary>
    private const string Variable = "ENGINE_MUTATIONS";

    /// <summary>As many as the suite makes, or as the environment asks for.</summary>
    public static int Count(int usual) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : usual;

    /// <summary>Checks every number; counts those of which the check says that they were read.</summary>
    public static int CountRead(int count, Func<int, bool> isRead)
    {
        int read = 0;
        List<string> failures = [];
        Parallel.For(0, count, seed =>
        {
            try
            {
                if (isRead(seed))
                {
                    Interlocked.Increment(ref read);
                }
            }
            catch (Exception error)
            {
                lock (failures)
                {
                    failures.Add($"seed {seed}: {error.GetType().Name} {error.Message}");
                }
            }
        });
        Assert.That(failures, Is.Empty);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{count} mutated files: {read} read, {count - read} refused"));
        return read;
    }

    /// <summary>Calls the reader, and fails where it allocates more than twice the file and <see cref="Overhead"/>.</summary>
    /// <returns>What it read; null if it threw <see cref="MalformedFileException"/>.</returns>
    public static T? Read<T>(int length, Func<T> read) where T : class
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T? result = null;
        MalformedFileException? error = null;
        try
        {
            result = read();
        }
        catch (MalformedFileException malformed)
        {
            error = malformed;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > 2L * length + Overhead)
        {
            throw new InvalidOperationException($"{allocated} bytes allocated for a file of {length}: {error?.Message ?? "read"}");
        }
        return result;
    }
}
