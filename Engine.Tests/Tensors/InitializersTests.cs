
namespace Engine.Tests;

/// <summary>Initializers give the distribution that they name.</summary>
internal sealed class InitializersTests
{
    private static readonly Shape s_shape = [50, 40, 5]; // fan in 200, fan out 250

    private static readonly RandomKey s_key = RandomKey.FromSeed(3);

    private static IEnumerable<TestCaseData> Table()
    {
        yield return Case("He, uniform", Initializers.HeUniform(), 2.0 / 200, Math.Sqrt(6.0 / 200));
        yield return Case("He, uniform, fan out", Initializers.HeUniform(fanOut: true), 2.0 / 250, Math.Sqrt(6.0 / 250));
        yield return Case("He, uniform, gain", Initializers.HeUniform(gain: 3), 9.0 / 200, Math.Sqrt(27.0 / 200));
        yield return Case("He, normal", Initializers.HeNormal(), 2.0 / 200, double.PositiveInfinity);
        yield return Case(
            "He, normal, gain, fan out", Initializers.HeNormal(gain: 0.5, fanOut: true), 0.25 / 250, double.PositiveInfinity);
        yield return Case("Xavier, uniform", Initializers.XavierUniform(), 2.0 / 450, Math.Sqrt(6.0 / 450));
        yield return Case("Xavier, uniform, gain", Initializers.XavierUniform(2), 8.0 / 450, 2 * Math.Sqrt(6.0 / 450));
        yield return Case("Xavier, normal", Initializers.XavierNormal(5.0 / 3), 2.0 * 25 / 9 / 450, double.PositiveInfinity);
        yield return Case("uniform", Initializers.Uniform(-0.25, 0.25), 0.25 / 12, 0.25);
        yield return Case("normal", Initializers.Normal(0, 3), 9, double.PositiveInfinity);

        static TestCaseData Case(string name, Initializer initializer, double variance, double bound) =>
            new TestCaseData(initializer, variance, bound).SetArgDisplayNames(name);
    }

    /// <summary>Fans mixed up, a forgotten √3 or gain, a support that is too wide or not filled.</summary>
    [TestCaseSource(nameof(Table))]
    public void Moments_and_support_are_the_documented_ones(Initializer initializer, double variance, double bound)
    {
        double[] values = initializer.Create<double>(s_shape, s_key).ToArray();
        int n = values.Length;
        bool isNormal = double.IsInfinity(bound);
        Assert.That(initializer(s_shape).Variance, Is.EqualTo(variance).Within(1e-12 * variance));
        Assert.That(values.Average(), Is.EqualTo(0).Within(5 * Math.Sqrt(variance / n)));
        Assert.That(
            values.Select(static x => x * x).Average(), Is.EqualTo(variance).Within(5 * variance * Math.Sqrt((isNormal ? 2 : 0.8) / n)));
        Assert.That(
            values.Max(Math.Abs),
            isNormal ? Is.GreaterThan(3 * Math.Sqrt(variance)) : Is.LessThanOrEqualTo(bound).And.GreaterThan(bound * 0.999));
    }

    /// <summary>A float network that starts elsewhere than its double twin.</summary>
    [Test]
    public void Float_starts_where_double_does()
    {
        double[] wide = Initializers.HeNormal().Create<double>(s_shape, s_key).ToArray();
        Assert.That(
            Initializers.HeNormal().Create<float>(s_shape, s_key).ToArray(), Is.EqualTo(Array.ConvertAll(wide, static x => (float)x)));
    }

    [Test]
    public void Constants_and_texts()
    {
        Assert.That(Initializers.Constant(2.5).Create<float>([3], s_key).ToArray(), Is.EqualTo((float[])[2.5f, 2.5f, 2.5f]));
        Assert.That(Initializers.Uniform(-0.25, 0.5)([]).ToString(), Is.EqualTo("uniform on [-0.25, 0.5)"));
        Assert.That(Initializers.HeNormal()([8, 8]).ToString(), Is.EqualTo("normal with mean 0 and standard deviation 0.5"));
        Assert.That(Initializers.Constant(1)([]).ToString(), Is.EqualTo("constant 1"));
        Assert.That((Distribution.Uniform(1, 3).Mean, Distribution.Normal(4, 1).Mean), Is.EqualTo((2.0, 4.0)));
        Assert.That((Initializers.FanIn(s_shape), Initializers.FanOut(s_shape)), Is.EqualTo((200, 250)));
        Assert.That(Initializers.HeUniform().Create<float>([0, 0], s_key).Length, Is.Zero, "nothing to draw is no error");
    }

    /// <summary>A bias has no fan: PyTorch fails there too, and a silent guess would be another distribution.</summary>
    [Test]
    public void Fewer_than_two_dimensions_are_errors()
    {
        foreach (
            Initializer initializer in (Initializer[])[
                Initializers.HeUniform(), Initializers.HeNormal(), Initializers.XavierUniform(), Initializers.XavierNormal()])
        {
            Assert.That(() => initializer.Create<float>([7], s_key), Throws.ArgumentException.With.Message.Contains("[7]"));
            Assert.That(() => initializer.Create<float>([], s_key), Throws.ArgumentException);
        }
        Assert.That(static () => Initializers.Uniform(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => Initializers.Uniform(0, double.PositiveInfinity), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => Initializers.Normal(0, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => Initializers.Normal(double.NaN, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
