namespace Engine.Tests;

/// <summary>Several threads, tapes and recordings: no gradient is lost silently, and after an exception everything can be used.</summary>
internal sealed class ThreadTests
{
    private readonly Tape<double> _tape = new();
    private readonly Parameter<double> _x = new("x", Tensor<double>.From(1, 2, 3));

    /// <summary>Runs an action on another thread, and throws here what it throws there.</summary>
    private static T OnOtherThread<T>(Func<T> function)
    {
        T result = default!;
        Exception? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        });
        thread.Start();
        thread.Join();
        return thrown is null ? result : throw thrown;
    }

    /// <summary>What an action throws on another thread; null if nothing.</summary>
    private static Exception? ThrownOnOtherThread(Action action)
    {
        try
        {
            OnOtherThread(() =>
            {
                action();
                return true;
            });
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    [SetUp]
    public void Clear() => _x.ClearGradient();

    [Test]
    public void What_another_thread_computes_from_a_parameter_is_no_constant()
    {
        Tensor<double> before = OnOtherThread(() => _x.Value.Sum());
        using (_tape.Record())
        {
            Tensor<double> sum = _x.Value.Square().Sum(), other = OnOtherThread(() => (_x.Value * 2).Reshape(3).Sum());
            Assert.That(() => sum + other, Throws.InvalidOperationException.With.Message.Contains("another thread during this recording"));
            Assert.That(other.Item, Is.EqualTo(12), "its value is right");
            _tape.Backward((sum * before + other.Clone()).Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2 * 6, 4 * 6, 6 * 6]));
        Tensor<double> teacher = OnOtherThread(() => _x.Value.Sum());
        _x.ClearGradient();
        using (_tape.Record())
        {
            _tape.Backward((_x.Value * teacher).Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(6), "what was computed before the recording is a constant");
    }

    [Test]
    public void What_a_tape_is_recording_is_not_computed_with_on_another_thread()
    {
        using (_tape.Record())
        {
            Tensor<double> y = _x.Value.Square();
            Assert.That(ThrownOnOtherThread(() => y.Sum())?.Message, Does.Contain("[3]").And.Contain("recording on another thread"));
            Assert.That(OnOtherThread(() => y.ToArray()), Is.EqualTo((double[])[1, 4, 9]), "reading is allowed");
            _tape.Backward(y.Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2, 4, 6]));
    }

    /// <summary>An await inside a recording: a tape that says for ever that it is recording, and a thread that goes on recording.</summary>
    [Test]
    public void After_an_end_on_another_thread_the_tape_and_both_threads_can_be_used()
    {
        Tape<double>.Recording recording = _tape.Record();
        Assert.That(ThrownOnOtherThread(recording.Dispose)?.Message, Does.Contain("no await"));
        Assert.That(Tape<double>.Current, Is.Null);
        Tensor<double> outside = _x.Value.Square();
        Assert.That(_tape.Count, Is.Zero);

        // the other thread takes the tape: nothing of this thread must get into its recording
        using ManualResetEventSlim hasBegun = new(), mayEnd = new();
        Thread other = new(() =>
        {
            using (_tape.Record())
            {
                hasBegun.Set();
                mayEnd.Wait();
                _tape.Backward(_x.Value.Sum());
            }
        });
        other.Start();
        hasBegun.Wait();
        Assert.That(Tape<double>.Current, Is.Null);
        _ = _x.Value.Exp();
        mayEnd.Set();
        other.Join();
        Assert.That(_tape.Count, Is.EqualTo(1));
        Assert.That(outside.ToArray(), Is.EqualTo((double[])[1, 4, 9]), "results outside a recording own their memory");

        _x.ClearGradient();
        using (_tape.Record())
        {
            _tape.Backward(_x.Value.Square().Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2, 4, 6]));
        Assert.That(Tape<double>.Current, Is.Null);
    }

    /// <summary>A recording around the lost one, which must go on.</summary>
    [Test]
    public void An_end_on_another_thread_leaves_the_recording_around_it()
    {
        Tape<double> inner = new();
        using (_tape.Record())
        {
            Tensor<double> y = _x.Value.Square();
            Tape<double>.Recording lost = inner.Record();
            Assert.That(ThrownOnOtherThread(lost.Dispose), Is.InstanceOf<InvalidOperationException>());
            _tape.Backward(y.Sum());
            using (inner.Record())
            {
                Assert.That(Tape<double>.Current, Is.SameAs(inner));
            }
            Assert.That(Tape<double>.Current, Is.SameAs(_tape));
        }
        Assert.That(Tape<double>.Current, Is.Null);
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2, 4, 6]));
    }

    /// <summary>Two threads whose operations would be one recording.</summary>
    [Test]
    public void A_tape_is_used_by_one_thread_at_a_time()
    {
        using (_tape.Record())
        {
            Tensor<double> loss = _x.Value.Sum();
            Assert.That(ThrownOnOtherThread(() => _tape.Record())?.Message, Does.Contain("in use"));
            Assert.That(ThrownOnOtherThread(() => _tape.Evaluate())?.Message, Does.Contain("in use"));
            Assert.That(ThrownOnOtherThread(() => _tape.Backward(loss))?.Message, Does.Contain("recording on another thread"));
            Assert.That(_x.HasGradient, Is.False);
        }
        Tensor<double> last;
        Exception? thrown = null;
        TestOp op = new((in _, in _) => thrown = ThrownOnOtherThread(() => _tape.Record()));
        using (_tape.Record())
        {
            last = Tape<double>.Record(new Node<double> { Op = op, A = _x.Value }, Tape<double>.Allocate([], out _));
        }
        Assert.That(ThrownOnOtherThread(() => _tape.Backward(last)), Is.Null, "after the recording, any thread may run the backward pass");
        Assert.That(thrown?.Message, Does.Contain("in use"));
    }

    /// <summary>Many tapes at once, each on a thread of its own, share what is static.</summary>
    [Test]
    public void Tapes_on_several_threads_do_not_disturb_each_other()
    {
        double[][] gradients = new double[4][];
        Thread[] threads =
        [
            .. Enumerable.Range(0, gradients.Length).Select(number => new Thread(() =>
            {
                Tape<double> tape = new();
                Parameter<double> p = new("p", Tensor<double>.From(1, 2, number));
                for (int step = 0; step < 200; step++)
                {
                    p.ClearGradient();
                    using (tape.Record())
                    {
                        tape.Backward((p.Value.Square() * p.Value).Sum());
                    }
                }
                gradients[number] = p.Gradient.ToArray();
            }))
        ];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        for (int number = 0; number < gradients.Length; number++)
        {
            Assert.That(gradients[number], Is.EqualTo((double[])[3, 12, 3 * number * number]));
        }
    }

    /// <summary>A forward pass that is not recorded, in the tape's memory.</summary>
    [Test]
    public void An_evaluation_records_nothing_and_allocates_nothing_once_warm()
    {
        Tensor<double> y = default;
        Step();
        Assert.That((_tape.Count, y.ToArray()), Is.EqualTo((0, (double[])[1, 4, 9])));
        Assert.That(() => _tape.Backward(y, y), Throws.InvalidOperationException.With.Message.Contains("not recorded"));
        Warm.AllocatesNothing(Step);
        Tensor<double> kept = y;
        Step();
        Assert.That(() => kept.ToArray(), Throws.InvalidOperationException.With.Message.Contains("expired"));
        using (_tape.Record())
        {
            _tape.Backward(_x.Value.Square().Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2, 4, 6]), "a recording after an evaluation");
        Assert.That(Tape<double>.Current, Is.Null);

        void Step()
        {
            using (_tape.Evaluate())
            {
                y = _x.Value.Square();
            }
        }
    }
}
