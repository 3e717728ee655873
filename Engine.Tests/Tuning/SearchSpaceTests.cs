namespace Engine.Tests.Tuning;

/// <summary>Grids and random points.</summary>
public sealed class SearchSpaceTests
{
    private static readonly SearchSpace Space = new SearchSpace().Choice("rule", "Sgd", "Adam").LogUniform("rate", 1e-4, 1);

    /// <summary>Catches: a grid that leaves out an end, or is even in the number instead of its logarithm.</summary>
    [Test]
    public void A_grid_has_all_combinations()
    {
        Assert.That(Space.Grid(5).Select(static c => c.ToString()), Is.EqualTo(
        (string[])[
            "rule = Sgd, rate = 0.0001", "rule = Sgd, rate = 0.001", "rule = Sgd, rate = 0.01", "rule = Sgd, rate = 0.1",
            "rule = Sgd, rate = 1", "rule = Adam, rate = 0.0001", "rule = Adam, rate = 0.001", "rule = Adam, rate = 0.01",
            "rule = Adam, rate = 0.1", "rule = Adam, rate = 1"]));
        Assert.That(new SearchSpace().Uniform("x", 2, 4).Grid(1).Single().Number("x"), Is.EqualTo(3));
        Assert.That(Space.Grid(3)[0].Number("rate"), Is.EqualTo(1e-4));
        Assert.That(Space.Grid(3)[2].Number("rate"), Is.EqualTo(1));
    }

    /// <summary>Catches: points that depend on how many were drawn before, or on the other dimensions.</summary>
    [Test]
    public void A_random_point_depends_on_key_and_index_alone()
    {
        RandomKey key = RandomKey.FromSeed(1);
        Configuration point = Space.Sample(key, 17);
        Assert.That(Space.Sample(key, 17).ToString(), Is.EqualTo(point.ToString()));
        Assert.That(new SearchSpace().LogUniform("rate", 1e-4, 1).Sample(key, 17).Number("rate"), Is.EqualTo(point.Number("rate")));
        double[] rates = [.. Enumerable.Range(0, 4000).Select(i => Space.Sample(key, i).Number("rate"))];
        Assert.That(rates, Is.All.InRange(1e-4, 1));
        // half of them below the geometric middle: the standard deviation of the count is 32
        Assert.That(rates.Count(static rate => rate < 1e-2), Is.EqualTo(2000).Within(150));
        Assert.That(Enumerable.Range(0, 4000).Count(i => Space.Sample(key, i).Text("rule") == "Adam"), Is.EqualTo(2000).Within(150));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Configuration point = Space.Grid(2)[0];
        Assert.Multiple(() =>
        {
            Assert.That(() => Space.Uniform("rate", 0, 1), Throws.ArgumentException.With.Message.Contains("'rate' twice"));
            Assert.That(() => Space.Choice("x"), Throws.ArgumentException.With.Message.Contains("no values for 'x'"));
            Assert.That(
                () => Space.LogUniform("x", 0, 1),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1 for 'x'"));
            Assert.That(() => Space.Uniform("x", 2, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Space.Uniform("x", 0, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Space.Grid(0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 points"));
            Assert.That(
                () => Space.Sample(default, -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("index -1"));
            Assert.That(() => point.Number("rule"), Throws.ArgumentException.With.Message.Contains("it is one of texts"));
            Assert.That(() => point.Text("rate"), Throws.ArgumentException.With.Message.Contains("it is one of numbers"));
            Assert.That(() => point.Number("x"), Throws.ArgumentException.With.Message.Contains("expected one of: rule, rate"));
        });
    }
}
