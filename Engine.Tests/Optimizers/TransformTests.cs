using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Tests.Optimizers;

/// <summary>Changes of the gradients before clipping: the built-in ones, a user's, and what surrounds them.</summary>
public sealed class TransformTests
{
    private readonly record struct Doubled : IGradientTransform
    {
        public void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T> =>
            TensorPrimitives.Add<T>(parameter.Gradient, parameter.Gradient, parameter.Gradient);
    }

    private readonly record struct Shifted(double By) : IGradientTransform
    {
        public void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T> =>
            TensorPrimitives.Add(parameter.Gradient, T.CreateTruncating(By), parameter.Gradient);
    }

    private sealed class Spy : IGradientTransform
    {
        public List<(string Name, Shape Shape, double Value, long Updates)> Seen { get; } = [];

        public Exception? Throws { get; set; }

        public void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Seen.Add((parameter.Name, parameter.Shape, double.CreateTruncating(parameter.Value[0]), parameter.Updates));
            parameter.Gradient.Clear();
            if (Throws is not null)
            {
                throw Throws;
            }
        }
    }

    private static (Optimizer<double> Optimizer, Parameter<double> Parameter) One(Shape shape, params IGradientTransform[] transforms)
    {
        Parameter<double> p = new("p", Tensor<double>.Zeros(shape));
        Optimizer<double> optimizer = new() { Transforms = transforms, KeepGradients = true };
        optimizer.AddGroup(new Sgd { LearningRate = 1 }, [p]);
        return (optimizer, p);
    }

    private static double[] Changed(Shape shape, double[] gradient, params IGradientTransform[] transforms)
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(shape, transforms);
        p.SetGradient(Tensor<double>.From(gradient, shape));
        optimizer.Step();
        Assert.That(p.Gradient.ToArray(), Is.EqualTo(gradient), "the parameter's own gradient stays");
        return Array.ConvertAll(p.Value.ToArray(), value => 0 - value);
    }

    /// <summary>Catches: transforms in another order, or after clipping; a norm that is reported before them.</summary>
    [Test]
    public void They_come_in_their_order_and_before_clipping()
    {
        Assert.That(Changed([2], [1, 2], new Doubled(), new Shifted(1)), Is.EqualTo(new double[] { 3, 5 }));
        Assert.That(Changed([2], [1, 2], new Shifted(1), new Doubled()), Is.EqualTo(new double[] { 4, 6 }));
        (Optimizer<double> optimizer, Parameter<double> p) = One([2], new Doubled());
        optimizer.Clip = GradientClip.ByNorm(5, 0);
        p.SetGradient(Tensor<double>.From(3, 4));
        StepReport report = optimizer.Step();
        Assert.That((report.GradientNorm, report.ClipCoefficient), Is.EqualTo((10, 0.5)));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new double[] { -3, -4 }));
        Assert.That(optimizer.Transforms, Is.EqualTo(new IGradientTransform[] { new Doubled() }));
        Assert.That(optimizer.ToString(), Does.StartWith("Optimizer after 1 steps, gradients through Doubled { }, clipped to norm 5,"));
    }

    /// <summary>Catches: a transform that is called without a gradient, or told another parameter's numbers.</summary>
    [Test]
    public void They_see_name_shape_value_and_updates()
    {
        Spy spy = new();
        Parameter<float> p = new("p", Tensor<float>.Full([2, 1], 7)), q = new("q", Tensor<float>.Full([3], 8));
        Optimizer<float> optimizer = new() { Transforms = [spy] };
        optimizer.AddGroup(new Sgd(), [p, q]);
        q.SetGradient(Tensor<float>.Full([3], 1));
        optimizer.Step();
        p.SetGradient(Tensor<float>.Full([2, 1], 1));
        q.SetGradient(Tensor<float>.Full([3], 1));
        optimizer.Step();
        Assert.That(spy.Seen, Is.EqualTo(new[] { ("q", new Shape(3), 8.0, 0L), ("p", new Shape(2, 1), 7, 0), ("q", new Shape(3), 8, 1) }));
        Assert.That(q.Value.ToArray(), Is.All.EqualTo(8f), "a gradient of zeros");
    }

    /// <summary>
    /// Catches: gradients, parameters or a report that were changed before the throw; a copy that a later call still reads.
    /// </summary>
    [Test]
    public void What_they_throw_changes_nothing()
    {
        Spy spy = new() { Throws = new TimeoutException() };
        (Optimizer<double> optimizer, Parameter<double> p) = One([2], spy);
        p.SetGradient(Tensor<double>.From(3, 4));
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<TimeoutException>());
        Assert.That((optimizer.Report.Steps, p.Value.Span[0]), Is.EqualTo((0L, 0.0)));
        Assert.That(p.Gradient.ToArray(), Is.EqualTo(new double[] { 3, 4 }));
        optimizer.Transforms = [];
        optimizer.Step();
        Assert.That(p.Value.ToArray(), Is.EqualTo(new double[] { -3, -4 }));
    }

    /// <summary>Catches: a schedule that fails after the transforms, and gradients that the next step transforms a second time.</summary>
    [Test]
    public void A_step_that_throws_and_is_repeated_transforms_once()
    {
        bool fails = false;
        Parameter<double> p = new("p", Tensor<double>.Full([1], 8));
        Optimizer<double> optimizer = new() { Transforms = [new Doubled()], Clip = GradientClip.Adaptive(0.5) };
        optimizer.AddGroup(new Sgd { LearningRate = Schedule.Function(_ => fails ? double.NaN : 1) }, [p]);
        p.SetGradient(Tensor<double>.From(1.5));
        fails = true;
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        fails = false;
        optimizer.Step();
        Assert.That(p.Value.Item, Is.EqualTo(5), "twice 1.5, below half of 8");
    }

    /// <summary>Catches: curvature measured with gradients that were transformed for the last step.</summary>
    [Test]
    public void Curvature_is_measured_with_the_gradients_themselves()
    {
        (double[] with, double[] without) = (Run(new Doubled()), Run());
        Assert.That(with, Is.EqualTo(without));

        static double[] Run(params IGradientTransform[] transforms)
        {
            Parameter<double> p = new("p", Tensor<double>.Zeros([2]));
            Optimizer<double> optimizer = new();
            optimizer.AddGroup(new SophiaG(), [p]);
            p.SetGradient(Tensor<double>.From(1, 2));
            optimizer.Step();
            optimizer.Transforms = transforms;
            p.SetGradient(Tensor<double>.From(0, 0));
            optimizer.Step();
            p.SetGradient(Tensor<double>.From(3, 4));
            optimizer.UpdateCurvature();
            ParameterState<double> state = optimizer.SaveState().Parameters["p"];
            return [.. state.Arrays.OrderBy(array => array.Key).SelectMany(array => array.Value.ToArray())];
        }
    }

    [Test]
    public void Rows_and_nulls_are_refused()
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One([2, 1], new GradientNoise(RandomKey.FromSeed(1)));
        Assert.That(
            () => optimizer.StepRows(p, [0], Tensor<double>.Ones([1, 1])),
            Throws.InvalidOperationException.With.Message.Contains("GradientNoise(variance 0.01, decay 0.55)")
                .And.Message.Contains("whole"));
        Assert.That(() => optimizer.Transforms = null!, Throws.ArgumentNullException);
        Assert.That(() => optimizer.Transforms = [new Doubled(), null!], Throws.ArgumentNullException);
        Assert.That(optimizer.Transforms, Has.Count.EqualTo(1));
    }

    /// <summary>Catches: a mean over the outputs or over all, a vector that is centralized, a division by no elements.</summary>
    [Test]
    public void Centralization_takes_the_mean_of_each_output()
    {
        GradientCentralization transform = default;
        Assert.That(Changed([2, 3], [1, 2, 6, 0, 0, -3], transform), Is.EqualTo(new double[] { -2, -1, 3, 1, 1, -2 }));
        Assert.That(Changed([2, 1, 2], [1, 3, 5, 5], transform), Is.EqualTo(new double[] { -1, 1, 0, 0 }));
        Assert.That(Changed([3], [1, 2, 6], transform), Is.EqualTo(new double[] { 1, 2, 6 }));
        Assert.That(Changed([], [5], transform), Is.EqualTo(new double[] { 5 }));
        Assert.That(Changed([0, 3], [], transform), Is.Empty);
        Assert.That(Changed([3, 0], [], transform), Is.Empty);
        Assert.That(transform.ToString(), Is.EqualTo("GradientCentralization"));
    }

    /// <summary>Catches: a sum that overflows where the mean does not; a NaN that reaches the other outputs.</summary>
    [Test]
    public void Centralization_of_extreme_numbers()
    {
        GradientCentralization transform = default;
        double max = double.MaxValue, least = double.Epsilon;
        double[] bad = [double.NaN, double.PositiveInfinity];
        Assert.That(Changed([2, 2], [0, 0, -0.0, 0], transform), Is.All.Zero);
        Assert.That(Changed([1, 2], [2 * least, 4 * least], transform), Is.EqualTo(new[] { -least, least }));
        Assert.That(Changed([1, 3], [max, max, max], transform), Is.EqualTo(new[] { 0.0, 0, 0 }).Within(1e-12 * max));
        foreach (double g in bad)
        {
            double[] changed = Changed([2, 2], [1, g, 1, 3], transform);
            Assert.That(changed[..2], Has.None.Matches<double>(double.IsFinite));
            Assert.That(changed[2..], Is.EqualTo(new double[] { -1, 1 }));
        }
        Assert.That(Vectors.Mean<float>([float.MaxValue, float.MaxValue]), Is.EqualTo((double)float.MaxValue));
        Assert.That(Vectors.Mean<double>([]), Is.NaN);
    }

    /// <summary>Catches: noise of another size, that does not fade as it should, or with another mean.</summary>
    [Test]
    public void Noise_has_its_law()
    {
        GradientNoise noise = new(RandomKey.FromSeed(3), 0.3, 0.55);
        Assert.That(noise.StandardDeviation(0), Is.EqualTo(Math.Sqrt(0.3)).Within(1e-15));
        Assert.That(noise.StandardDeviation(99), Is.EqualTo(Math.Sqrt(0.3 / Math.Pow(100, 0.55))).Within(1e-15));
        const int n = 100_000;
        double[] added = Changed([n], new double[n], noise);
        Assert.That(added.Average(), Is.EqualTo(0).Within(5 * Math.Sqrt(0.3 / n)));
        Assert.That(added.Average(x => x * x), Is.EqualTo(0.3).Within(5 * 0.3 * Math.Sqrt(2.0 / n)));
        Assert.That(Changed([3], [1, -2, 0], new GradientNoise(default, 0)), Is.EqualTo(new double[] { 1, -2, 0 }));
    }

    /// <summary>
    /// Catches: noise that depends on the order of the parameters, on the length before it or on a hidden state; the same noise for two
    /// parameters or two updates.
    /// </summary>
    [Test]
    public void Noise_is_a_function_of_key_name_update_and_index()
    {
        RandomKey key = RandomKey.FromSeed(3);
        GradientNoise noise = new(key, 2);
        Parameter<double> p = new("p", Tensor<double>.Zeros([1500])), q = new("q", Tensor<double>.Zeros([1500]));
        Optimizer<double> optimizer = new() { Transforms = [noise] };
        optimizer.AddGroup(new Sgd { LearningRate = 1 }, [q, p]);
        double expected = 0;
        List<double> seen = [];
        for (int t = 0; t < 3; t++)
        {
            double before = q.Value.Span[1234];
            p.SetGradient(Tensor<double>.Zeros([1500]));
            q.SetGradient(Tensor<double>.Zeros([1500]));
            optimizer.Step();
            expected -= noise.StandardDeviation(t) * key.Fold("p").Fold(t).Normal(1234);
            Assert.That(p.Value.Span[1234], Is.EqualTo(expected).Within(1e-14), $"update {t}");
            seen.AddRange([q.Value.Span[1234] - before, key.Fold("p").Fold(t).Normal(1234)]);
        }
        Assert.That(seen, Is.Unique);
    }

    [Test]
    public void Mistakes_of_noise_are_named()
    {
        Assert.That(
            () => new GradientNoise(default, -1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("variance = -1"));
        Assert.That(
            () => new GradientNoise(default, 1, double.NaN),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("decay = NaN"));
        Assert.That(
            () => new GradientNoise(default).StandardDeviation(-1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("updates = -1"));
    }
}
