using System.Numerics;

namespace Engine.Tests.Training;

/// <summary>Updates made from several micro-batches.</summary>
public sealed class GradientAccumulationTests
{
    private static readonly GradientClip[] s_clips =
    [
        GradientClip.None, GradientClip.ByNorm(0.3), GradientClip.ByNorm(0.3, 0, 1), GradientClip.ByValue(0.05),
        GradientClip.PerParameter(0.2), GradientClip.ByBlockRms(0.05), GradientClip.Adaptive(0.1),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from clip in s_clips
        from transforms in new IGradientTransform[][] { [], [new GradientCentralization(), new GradientNoise(RandomKey.FromSeed(3))] }
        select new TestCaseData(clip, transforms).SetArgDisplayNames(clip.ToString(), transforms.Length == 0 ? "" : "transforms");

    /// <summary>
    /// Catches: a sum in place of the mean, micro-batches that count the same whatever their size, gradients that are clipped or
    /// transformed before they are added up, a norm of the sum; schedules that count micro-batches.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void Micro_batches_make_the_update_of_the_large_batch(GradientClip clip, IGradientTransform[] transforms)
    {
        Run<double>(clip, transforms, 1e-12);
        Run<float>(clip, transforms, 2e-5);
    }

    private static void Run<T>(GradientClip clip, IGradientTransform[] transforms, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[][] groups = [[5, 1, 10], [4, 4, 4], [1, 2, 3], [7, 2]];
        (Sequential<T> whole, Optimizer<T> large) = Start<T>(clip, transforms);
        (Sequential<T> parts, Optimizer<T> small) = Start<T>(clip, transforms);
        GradientAccumulation<T> accumulation = new(small, 3);
        Tape<T> tape = new();
        long updates = 0;
        foreach (int[] sizes in groups)
        {
            int n = sizes.Sum(), from = 0;
            Tensor<T> x = Tensor<T>.RandomNormal([n, 4], RandomKey.FromSeed(updates)), y = x.Slice(.., ..2).Tanh();
            using (tape.Record())
            {
                tape.Backward(whole.Forward(x).MeanSquaredError(y));
            }
            double norm = large.Step().GradientNorm;
            StepReport? report = null;
            foreach (int size in sizes)
            {
                Assert.That(report, Is.Null, "an update before its last micro-batch");
                using (tape.Record())
                {
                    Tensor<T> loss = parts.Forward(x.Slice(from..(from + size))).MeanSquaredError(y.Slice(from..(from + size)));
                    report = accumulation.Backward(tape, loss, size);
                }
                from += size;
            }
            report ??= accumulation.Flush();
            updates++;
            Assert.That((report!.Steps, report.LearningRate, accumulation.Accumulated), Is.EqualTo((updates, 0.1 / updates, 0)));
            Assert.That(report.GradientNorm, Is.EqualTo(norm).Within(100 * tolerance).Percent);
            foreach ((Parameter<T> a, Parameter<T> b) in parts.Parameters.Zip(whole.Parameters))
            {
                Closeness.Check(a.Value, b.Value, tolerance, $"{a.Name} after update {updates}");
            }
        }
        Assert.That(accumulation.Flush(), Is.Null);
    }

    private static (Sequential<T> Model, Optimizer<T> Optimizer) Start<T>(GradientClip clip, IGradientTransform[] transforms)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RandomKey key = RandomKey.FromSeed(1);
        Sequential<T> model = new(new Linear<T>(4, 6, key.Fold(0)), new Tanh<T>(), new Linear<T>(6, 2, key.Fold(1)));
        Optimizer<T> optimizer = new() { Clip = clip, Transforms = transforms, NonFinite = NonFinite.Throw };
        optimizer.AddGroup(
            new Momentum { LearningRate = Schedule.Function(t => 0.1 / (t + 1)), WeightDecay = WeightDecay.L2(0.1) },
            model.Parameters);
        return (model, optimizer);
    }

    /// <summary>A hand-made sequence: the means of (1, 3), (2, 2, 8) and the rest (5), with weights of their own.</summary>
    [Test]
    public void A_sequence_by_hand()
    {
        Parameter<double> p = new("p", Tensor<double>.From(0.0)), untouched = new("q", Tensor<double>.From(1.0));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [p, untouched]);
        GradientAccumulation<double> accumulation = new(optimizer, 2);
        Tape<double> tape = new();
        p.SetGradient(Tensor<double>.From(100.0)); // belongs to no micro-batch
        Assert.That(Give(1), Is.Null);
        Assert.That((accumulation.ToString(), p.Value.Item), Is.EqualTo(("GradientAccumulation: 1 of 2 micro-batches, 1 samples", 0.0)));
        Assert.That(Give(3)!.Steps, Is.EqualTo(1));
        Assert.That(p.Value.Item, Is.EqualTo(-2));
        Assert.That(Give(2, 2), Is.Null);
        Assert.That(Give(8, 1)!.SkippedParameters, Is.EqualTo(new[] { "q" }));
        Assert.That(p.Value.Item, Is.EqualTo(-6));
        Give(5, 7);
        Assert.That((accumulation.Accumulated, accumulation.Samples), Is.EqualTo((1, 7)));
        Assert.That(accumulation.Flush()!.Steps, Is.EqualTo(3));
        Assert.That(p.Value.Item, Is.EqualTo(-11));
        Give(1000);
        accumulation.Discard();
        Assert.That((accumulation.Accumulated, accumulation.Samples, p.HasGradient), Is.EqualTo((0, 0L, false)));
        Assert.That(accumulation.Flush(), Is.Null);
        Assert.That(untouched.Value.Item, Is.EqualTo(1));

        StepReport? Give(double gradient, int samples = 1)
        {
            using (tape.Record())
            {
                return accumulation.Backward(tape, (p.Value * gradient).Sum(), samples);
            }
        }
    }

    /// <summary>
    /// Catches: gradients that are divided in place before a step that throws, and again at the next; a poisoned group that is neither
    /// skipped nor dropped; an update that counts a micro-batch whose backward pass threw.
    /// </summary>
    [Test]
    public void What_throws_can_be_repeated_or_dropped()
    {
        Parameter<double> p = new("p", Tensor<double>.From(0.0));
        bool fails = true;
        Hyperparameter rate = Schedule.Function(t => fails && t == 1 ? -1 : 1);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = rate }, [p]);
        GradientAccumulation<double> accumulation = new(optimizer, 2);
        Tape<double> tape = new();
        Give(1);
        Give(3);
        Give(2, 4);
        Assert.That(() => accumulation.Backward(tape, Tensor<double>.From(1.0)), Throws.InvalidOperationException, "not recorded");
        Assert.That(() => Give(7, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-1"));
        Assert.That(() => Give(7, 1), Throws.InvalidOperationException.With.Message.Contains("Flush"));
        fails = false;
        Assert.That(accumulation.Flush()!.Steps, Is.EqualTo(2));
        Assert.That(p.Value.Item, Is.EqualTo(-5));
        optimizer.NonFinite = NonFinite.Skip;
        Give(double.PositiveInfinity);
        Assert.That((Give(1)!.NonFiniteSteps, accumulation.Accumulated, p.Value.Item), Is.EqualTo((1L, 0, -5.0)));
        optimizer.NonFinite = NonFinite.Throw;
        Give(double.NaN);
        Assert.That(() => Give(1), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("'p'"));
        accumulation.Discard();
        Give(1);
        Give(1);
        Assert.That(p.Value.Item, Is.EqualTo(-6));

        StepReport? Give(double gradient, int samples = 1)
        {
            using (tape.Record())
            {
                return accumulation.Backward(tape, (p.Value * gradient).Sum(), samples);
            }
        }
    }

    /// <summary>Catches: gradients between two micro-batches that are not saved, or with a weight of one.</summary>
    [Test]
    public void A_training_stopped_between_micro_batches_continues_bit_for_bit()
    {
        float[] whole = Run(stop: -1);
        for (int stop = 0; stop < 7; stop++)
        {
            SameBits.Check<float>(Run(stop), whole, $"stopped after micro-batch {stop}");
        }

        static float[] Run(int stop)
        {
            (Sequential<float> model, Optimizer<float> optimizer) = Start<float>(GradientClip.ByNorm(0.3), []);
            GradientAccumulation<float> accumulation = new(optimizer, 3);
            Tape<float> tape = new();
            for (int i = 0; i < 7; i++)
            {
                Tensor<float> x = Tensor<float>.RandomNormal([i + 1, 4], RandomKey.FromSeed(i));
                using (tape.Record())
                {
                    accumulation.Backward(tape, model.Forward(x).Square().Mean(), i + 1);
                }
                if (i == stop)
                {
                    (Sequential<float> other, Optimizer<float> resumed) = Start<float>(GradientClip.ByNorm(0.3), []);
                    GradientAccumulation<float> next = new(resumed, 3);
                    other.CopyFrom(model);
                    resumed.LoadState(optimizer.SaveState());
                    next.LoadState(accumulation.SaveState());
                    accumulation.Discard(); // what was saved is a copy
                    (model, optimizer, accumulation) = (other, resumed, next);
                }
            }
            accumulation.Flush();
            return [.. model.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        }
    }

    [Test]
    public void Mistakes_are_named_and_change_nothing()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0, 2));
        Optimizer<double> optimizer = Optimizer.For(new Sgd(), [p]);
        GradientAccumulation<double> accumulation = new(optimizer, 2);
        Tape<double> tape = new();
        Assert.That(() => new GradientAccumulation<double>(null!, 2), Throws.ArgumentNullException);
        Assert.That(
            () => new GradientAccumulation<double>(optimizer, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("microBatches = 0"));
        p.SetGradient(Tensor<double>.From(5.0, 6));
        using (tape.Record())
        {
            Tensor<double> loss = p.Value.Sum();
            Assert.That(() => accumulation.Backward(null!, loss), Throws.ArgumentNullException);
            Assert.That(
                () => accumulation.Backward(tape, loss, 0),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("samples = 0"));
            Assert.That(() => accumulation.Backward(tape, p.Value * 2), Throws.ArgumentException.With.Message.Contains("[2]"));
        }
        Dictionary<string, Tensor<double>> none = [], strange = new() { ["p"] = Tensor<double>.From(1.0), ["r"] = default };
        foreach (GradientAccumulationState<double> state in (GradientAccumulationState<double>[])
            [new(-1, 0, none), new(3, 3, none), new(2, 1, none), new(0, 1, none), new(0, 0, strange)])
        {
            Assert.That(() => accumulation.LoadState(state), Throws.ArgumentException.With.Message.Contains("expected 0 to 2"));
        }
        Assert.That(
            () => accumulation.LoadState(new(1, 1, strange)),
            Throws.ArgumentException.With.Message.Contains("- p: got the shape [1], expected [2]")
                .And.Message.Contains("- r: in the state"));
        Assert.That((p.Gradient.ToArray(), accumulation.Accumulated), Is.EqualTo((new double[] { 5, 6 }, 0)));
    }

    /// <summary>Catches: a seed, a list or a copy that is made for each micro-batch.</summary>
    [Test]
    public void A_warm_micro_batch_allocates_nothing()
    {
        (Sequential<float> model, Optimizer<float> optimizer) = Start<float>(GradientClip.ByNorm(1), []);
        GradientAccumulation<float> accumulation = new(optimizer, 3);
        Tape<float> tape = new();
        Tensor<float> x = Tensor<float>.RandomNormal([8, 4], RandomKey.FromSeed(1)), y = Tensor<float>.Zeros([8, 2]);
        Warm.AllocatesNothing(() =>
        {
            using (tape.Record())
            {
                accumulation.Backward(tape, model.Forward(x).MeanSquaredError(y), 8);
            }
        });
    }
}
