namespace Engine.Tests;

/// <summary>The measurement of operations.</summary>
internal sealed class TapeProfileTests
{
    /// <summary>An operation that is not counted, or under another's name; bytes of the inputs; a backward time that is missing.</summary>
    [Test]
    public void Counts_calls_bytes_and_time()
    {
        Parameter<double> w = new("w", Tensor<double>.Zeros([100, 50]));
        Tape<double> tape = new() { Profile = new TapeProfile() };
        for (int step = 0; step < 3; step++)
        {
            using (tape.Record())
            {
                tape.Backward((w.Value.Exp() + w.Value.Exp()).Sum());
            }
        }
        Assert.That(
            tape.Profile.Entries.ToDictionary(static e => e.Operation, static e => (e.Calls, e.Bytes)),
            Is.EquivalentTo(
                new Dictionary<string, (long, long)> { ["Exp"] = (6, 6 * 40_000), ["Add"] = (3, 3 * 40_000), ["Sum"] = (3, 3 * 8) }));
        Assert.That(tape.Profile.Entries.Select(static e => e.Forward), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(tape.Profile.Entries.Select(static e => e.Backward), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(tape.Profile.Entries.Select(static e => e.Forward + e.Backward), Is.Ordered.Descending);
        Assert.That(tape.Profile.ToString(), Does.Contain("Exp").And.Contains("240,000"));
        string[] lines = tape.Profile.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Does.StartWith("operation  calls "));
        tape.Profile.Clear();
        Assert.That(tape.Profile.Entries, Is.Empty);
    }

    /// <summary>A long name that moves its line's columns out of those of the heading.</summary>
    [Test]
    public void Columns_are_as_wide_as_the_longest_name()
    {
        Parameter<double> w = new("w", Tensor<double>.Zeros([3]));
        Tape<double> tape = new() { Profile = new TapeProfile() };
        using (tape.Record())
        {
            tape.Backward(w.Value.BinaryCrossEntropyWithLogits(Tensor<double>.Zeros([3])).Exp());
        }
        string[] lines = tape.Profile.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines, Has.One.StartWith("BinaryCrossEntropyWithLogits"));
        Assert.That(lines.Select(static line => line.Length).Distinct().Count(), Is.EqualTo(1), tape.Profile.ToString());
    }
}
