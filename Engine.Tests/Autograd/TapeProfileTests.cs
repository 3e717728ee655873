namespace Engine.Tests;

/// <summary>The measurement of operations.</summary>
internal sealed class TapeProfileTests
{
    /// <summary>An operation that is not counted, or under another's name; bytes of the inputs; a backward time that is missing.</summary>
    [Test]
    public void Counts_uses_bytes_and_time()
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
            tape.Profile.Entries.ToDictionary(static e => e.Operation, static e => (e.Uses, e.Bytes)),
            Is.EquivalentTo(
                new Dictionary<string, (long, long)> { ["Exp"] = (6, 6 * 40_000), ["Add"] = (3, 3 * 40_000), ["Sum"] = (3, 3 * 8) }));
        Assert.That(tape.Profile.Entries.Select(static e => e.Forward), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(tape.Profile.Entries.Select(static e => e.Backward), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(tape.Profile.Entries.Select(static e => e.Forward + e.Backward), Is.Ordered.Descending);
        Assert.That(tape.Profile.ToString(), Does.Contain("Exp").And.Contains("240,000"));
        tape.Profile.Clear();
        Assert.That(tape.Profile.Entries, Is.Empty);
    }
}
