using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The recording and the backward pass over it.</summary>
internal sealed class TapeTests
{
    private readonly Tape<double> _tape = new();

    private static Parameter<double> New(string name, params double[] values) => new(name, Tensor<double>.From(values));

    /// <summary>Records a loss, runs the backward pass, and returns the loss.</summary>
    private double Backward(Func<Tensor<double>> loss)
    {
        using (_tape.Record())
        {
            Tensor<double> value = loss();
            _tape.Backward(value);
            return value.Item;
        }
    }

    [Test]
    public void Chain()
    {
        Parameter<double> x = New("x", 0.5);
        Backward(() => x.Value.Exp().Square().Log().Sum()); // = 2x
        Assert.That(x.Gradient.Item, Is.EqualTo(2).Within(1e-14));
    }

    /// <summary>A node visited before all that use it have contributed.</summary>
    [Test]
    public void Diamond()
    {
        Parameter<double> x = New("x", 3);
        Backward(() =>
        {
            Tensor<double> top = x.Value.Square(), left = top * 2, right = top.Square(), crossed = left * right;
            return (left + crossed + right).Sum(); // 2x² + 2x⁶ + x⁴
        });
        Assert.That(x.Gradient.Item, Is.EqualTo(4 * 3 + 12 * Math.Pow(3, 5) + 4 * Math.Pow(3, 3)));
    }

    /// <summary>Two inputs that are one tensor, and a gradient that two inputs share the memory of.</summary>
    [Test]
    public void The_same_tensor_twice_in_one_operation()
    {
        Parameter<double> x = New("x", 3, 4);
        Backward(() =>
        {
            Tensor<double> y = x.Value * 1;
            return (y + y + (y - y) + y * y + y / y).Sum(); // 2y + y² + 1
        });
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[8, 10]));
        x.ClearGradient();
        Backward(() => (x.Value + x.Value).Sum());
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[2, 2]));
        x.ClearGradient();
        Backward(() => (x.Value - x.Value * 3 + x.Value.MatMul(x.Value)).Sum());
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[-2 + 4 * 3, -2 + 4 * 4]));
    }

    /// <summary>A sum passes its gradient on without a copy: what one receiver adds to it, the other must not see.</summary>
    [Test]
    public void Gradients_that_a_sum_hands_on_stay_apart([Values] bool swapped)
    {
        Parameter<double> a = New("a", 1, 2), b = New("b", 3, 4);
        Backward(() =>
        {
            Tensor<double> u = a.Value * 1, v = b.Value * 1, tens = u * 10, hundreds = v * 100;
            Tensor<double> sum = swapped ? v + u : u + v; // recorded last, so that it is visited before the other two contribute
            return (tens + hundreds + sum).Sum();
        });
        Assert.That(a.Gradient.ToArray(), Is.EqualTo((double[])[11, 11]));
        Assert.That(b.Gradient.ToArray(), Is.EqualTo((double[])[101, 101]));
    }

    [Test]
    public void One_tensor_used_a_thousand_times()
    {
        Parameter<double> x = New("x", 2);
        Backward(() =>
        {
            Tensor<double> shared = x.Value.Square(), sum = shared;
            for (int i = 1; i < 1000; i++)
            {
                sum += shared;
            }
            return sum.Sum();
        });
        Assert.That(x.Gradient.Item, Is.EqualTo(4000));
    }

    /// <summary>Recursion would overflow the stack; a pass that searches all nodes for each would take 10¹⁰ steps.</summary>
    [Test]
    [CancelAfter(10_000)]
    public void A_graph_of_a_hundred_thousand_nodes()
    {
        Parameter<double> x = New("x", 1);
        Backward(() =>
        {
            Tensor<double> y = x.Value;
            for (int i = 0; i < 99_999; i++)
            {
                y = -y;
            }
            return y.Sum();
        });
        Assert.That(_tape.Count, Is.EqualTo(100_000));
        Assert.That(x.Gradient.Item, Is.EqualTo(-1));
    }

    /// <summary>Each node is visited once, however many paths lead to it: 2⁶⁰ paths here.</summary>
    [Test]
    public void Time_is_linear_in_the_nodes_not_in_the_paths()
    {
        Parameter<double> x = New("x", 1);
        Backward(() =>
        {
            Tensor<double> y = x.Value;
            for (int i = 0; i < 60; i++)
            {
                y += y;
            }
            return y.Sum();
        });
        Assert.That(_tape.Count, Is.EqualTo(61));
        Assert.That(x.Gradient.Item, Is.EqualTo(Math.Pow(2, 60)));
    }

    /// <summary>What leads to no parameter costs no node, and what does not lead to the loss gets no gradient.</summary>
    [Test]
    public void Only_what_leads_from_a_parameter_to_the_loss_counts()
    {
        Parameter<double> x = New("x", 1), unused = New("unused", 1), aside = New("aside", 1);
        Backward(() =>
        {
            _ = aside.Value.Exp();
            Tensor<double> constant = Tensor<double>.From(2.0).Exp().Square();
            return (x.Value * constant).Sum();
        });
        Assert.That(_tape.Count, Is.EqualTo(3));
        Assert.That(x.HasGradient);
        Assert.That(unused.HasGradient, Is.False);
        Assert.That(aside.HasGradient, Is.False);
        Assert.That(() => aside.Gradient, Throws.InvalidOperationException.With.Message.Contains("'aside'"));
    }

    [Test]
    public void Gradients_add_up_over_recordings_until_cleared()
    {
        Parameter<double> x = New("x", 3), y = New("y", 5);
        Backward(() => (x.Value * y.Value).Sum());
        Backward(() => x.Value.Square().Sum());
        Assert.That(x.Gradient.Item, Is.EqualTo(5 + 6));
        Assert.That(y.Gradient.Item, Is.EqualTo(3));
        x.ClearGradient();
        Assert.That(x.HasGradient, Is.False);
        Backward(() => x.Value.Square().Sum());
        Assert.That(x.Gradient.Item, Is.EqualTo(6));
    }

    /// <summary>The first contribution is written into the parameter's own memory; a second in the same pass must add to it.</summary>
    [Test]
    public void A_parameter_that_many_operations_read()
    {
        Parameter<double> x = New("x", 2, 3);
        Backward(() => (x.Value.Square() + x.Value.Exp() * 0 + x.Value.Sum() * x.Value).Sum());
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[2 * 2 + 2 * 5, 2 * 3 + 2 * 5]));
    }

    [TestCase(new[] { 2, 3 }, new[] { 3 })]
    [TestCase(new[] { 2, 3 }, new[] { 2, 1 })]
    [TestCase(new[] { 2, 3 }, new int[0])]
    [TestCase(new[] { 4, 1, 3 }, new[] { 5, 1 })]
    [TestCase(new[] { 1, 1 }, new[] { 3 })]
    [TestCase(new[] { 0, 3 }, new[] { 3 })]
    [TestCase(new[] { 2, 0 }, new[] { 2, 1 })]
    public void Broadcasting_is_undone(int[] shapeA, int[] shapeB)
    {
        Parameter<double> a = new("a", Tensor<double>.Full(new Shape(shapeA), 1)), b = new("b", Tensor<double>.Full(new Shape(shapeB), 1));
        Shape shape = Shape.Broadcast(a.Shape, b.Shape, "test");
        using (_tape.Record())
        {
            _tape.Backward((a.Value + b.Value).Sum());
        }
        Assert.That(a.Gradient.ToArray(), Is.All.EqualTo(a.Shape.Length == 0 ? 0 : shape.Length / a.Shape.Length));
        Assert.That(b.Gradient.ToArray(), Is.All.EqualTo(shape.Length / b.Shape.Length));
    }

    [Test]
    public void The_backward_pass_may_start_at_a_view_of_a_parameter()
    {
        Parameter<double> x = New("x", 3), y = New("y", 1, 2);
        Backward(() => x.Value.Reshape([]));
        Assert.That(x.Gradient.Item, Is.EqualTo(1));
        using (_tape.Record())
        {
            _tape.Backward(y.Value.Reshape(2, 1), Tensor<double>.From([10, 20], [2, 1]));
            Assert.That(() => _tape.Backward(x.Value), Throws.InvalidOperationException.With.Message.Contains("already"));
        }
        Assert.That(y.Gradient.ToArray(), Is.EqualTo((double[])[10, 20]));
        Backward(() => x.Value.Dropout(0, default));
        Assert.That(x.Gradient.Item, Is.EqualTo(2));
    }

    /// <summary>A gradient that changes in the hands of who keeps it.</summary>
    [Test]
    public void A_gradient_that_was_written_again_is_expired()
    {
        Parameter<double> w = New("w", 1, 2);
        Backward(() => (w.Value * 3).Sum());
        Tensor<double> first = w.Gradient, view = first.Reshape(2, 1);
        double[] copy = first.ToArray();
        w.ClearGradient();
        Assert.That(first.ToArray(), Is.EqualTo(copy), "not written yet");
        Action[] writes =
        [
            () => Backward(() => (w.Value * 5).Sum()), () => Backward(() => (w.Value * 5).Sum()), () => Backward(() => w.Value.Sum()),
            () => w.SetGradient(Tensor<double>.From(8, 9)),
        ];
        foreach (Action write in writes)
        {
            write();
            Assert.That(() => first.ToArray(), Throws.InvalidOperationException.With.Message.Contains("gradient of 'w'"));
            Assert.That(() => view.Item, Throws.InvalidOperationException);
            first = w.Gradient;
            view = first.Reshape(2, 1);
        }
        Assert.That(w.Gradient.ToArray(), Is.EqualTo((double[])[8, 9]));
    }

    /// <summary>A gradient as a constant of the next recording, which is added to before the operation has read it again.</summary>
    [Test]
    public void A_gradient_may_be_a_constant_of_the_next_recording([Values] bool isCleared)
    {
        Parameter<double> v = New("v", 1, 1, 1), w = New("w", 1, 1, 1), one = New("one", 1);
        w.SetGradient(Tensor<double>.From(2, 4, 6));
        Step(() =>
        {
            Tensor<double> g = w.Gradient;
            return (v.Value * g).Sum() + (w.Value * g).Sum() * 10;
        });
        Assert.That(v.Gradient.ToArray(), Is.EqualTo((double[])[2, 4, 6]));
        Assert.That(w.Gradient.ToArray(), Is.EqualTo((double[])(isCleared ? [20, 40, 60] : [22, 44, 66])));

        void Step(Func<Tensor<double>> loss)
        {
            using (_tape.Record())
            {
                Tensor<double> value = loss();
                if (isCleared)
                {
                    w.ClearGradient();
                }
                _tape.Backward(value);
            }
        }
    }

    /// <summary>A running statistic that later batches move before the backward pass reads it.</summary>
    [Test]
    public void A_value_that_a_module_keeps_may_change_after_it_was_read()
    {
        NamedTensor<double> statistic = new("mean", Tensor<double>.From(2, 3));
        Parameter<double> x = New("x", 1, 1);
        Backward(() =>
        {
            Tensor<double> loss = (x.Value * statistic.Value).Sum();
            statistic.SetValue(Tensor<double>.From(100, 100));
            return loss;
        });
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[2, 3]));
    }

    /// <summary>A gradient at a value that the loss was not computed from.</summary>
    [Test]
    public void A_parameter_that_changed_before_the_backward_pass_is_named()
    {
        Parameter<double> a = New("a", 2), b = New("b", 3);
        a.SetGradient(Tensor<double>.From(1.0));
        Optimizer<double> elementwise = Optimizer.For(new Sgd { LearningRate = 0.1 }, [a]), whole = new();
        whole.AddGroup(new Lars(), [New("other", 1)]);
        Parameter<double> rows = new("rows", Tensor<double>.From([1, 2], [2, 1]));
        Parameter<double> matrix = new("matrix", Tensor<double>.From([1, 2], [2, 1]));
        Optimizer<double> rowwise = Optimizer.For(new Sgd { LearningRate = 0.1 }, [rows]), muon = new();
        muon.AddGroup(new Muon(), [matrix]);
        matrix.SetGradient(matrix.Value.Clone());
        (Parameter<double> Changed, Action Change)[] cases =
        [
            (a, () => a.SetValue(Tensor<double>.From(5.0))), (a, () => elementwise.Step()),
            (rows, () => rowwise.StepRows(rows, [1], Tensor<double>.From([1], [1, 1]))), (matrix, () => muon.Step()),
        ];
        foreach ((Parameter<double> changed, Action change) in cases)
        {
            b.ClearGradient();
            using (_tape.Record())
            {
                Tensor<double> loss = (changed.Value.Sum() * b.Value).Sum();
                change();
                Assert.That(
                    () => _tape.Backward(loss),
                    Throws.InvalidOperationException.With.Message.Contains($"'{changed.Name}' has changed since Sum"));
            }
            Assert.That(b.HasGradient, Is.False);
        }
        using (_tape.Record())
        {
            Tensor<double> loss = b.Value.Square().Sum();
            _ = a.Value * 2;
            a.SetValue(Tensor<double>.From(6.0));
            _tape.Backward(loss);
            b.SetValue(Tensor<double>.From(7.0));
        }
        Assert.That(b.Gradient.Item, Is.EqualTo(6), "what the loss has not read may change, and everything after the pass");
    }

    [Test]
    public void Views_share_their_gradient()
    {
        Parameter<double> x = new("x", Tensor<double>.From([1, 2, 3, 4, 5, 6], [2, 3]));
        Backward(() =>
        {
            Tensor<double> y = x.Value * 2, view = y.Reshape(3, -1);
            return (view.Square().Sum(1) * view.Reshape(6).Sum() + y.Sum()).Sum();
        });
        // Σ(2x)²·Σ2x·… : d/dx of 4Σx² · 2Σx, and of 3·2Σx
        double sum = 21, squares = 91;
        Assert.That(x.Gradient.ToArray(), Is.EqualTo(Enumerable.Range(1, 6).Select(v => 16 * v * sum + 8 * squares + 6)));
    }

    /// <summary>Catches a pass that accumulates in the memory of the gradient it was given.</summary>
    [Test]
    public void The_given_gradient_is_read_and_not_written()
    {
        Parameter<double> x = new("x", Tensor<double>.From(1, 2, 3));
        Tensor<double> g = Tensor<double>.From(1, 10, 100);
        using (_tape.Record())
        {
            Tensor<double> z = 2 * x.Value;
            _tape.Backward(z + z, g);
        }
        Assert.That(g.ToArray(), Is.EqualTo((double[])[1, 10, 100]));
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[4, 40, 400]));
        using (_tape.Record())
        {
            x.ClearGradient();
            x.SetGradient(g);
            Tensor<double> z = 2 * x.Value;
            _tape.Backward(z + z, x.Gradient);
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[5, 50, 500]));
    }

    [Test]
    public void The_backward_pass_may_start_with_any_gradient()
    {
        Parameter<double> x = New("x", 1, 2, 3);
        using (_tape.Record())
        {
            Tensor<double> y = x.Value.Square();
            Assert.Throws<ArgumentException>(() => _tape.Backward(y, Tensor<double>.From([1, 2, 3], [3, 1])));
            _tape.Backward(y, Tensor<double>.From(1, 10, 100));
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[2, 40, 600]));
    }

    [Test]
    public void A_loss_must_be_a_scalar_that_was_recorded_here_and_has_one_backward_pass()
    {
        Parameter<double> x = New("x", 1, 2);
        using (_tape.Record())
        {
            Tensor<double> y = x.Value.Square(), loss = y.Sum();
            Assert.That(() => _tape.Backward(y), Throws.InvalidOperationException.With.Message.Contains("[2]"));
            Assert.That(
                () => _tape.Backward(Tensor<double>.From(1.0)), Throws.InvalidOperationException.With.Message.Contains("not recorded"));
            Assert.That(() => new Tape<double>().Backward(loss), Throws.InvalidOperationException.With.Message.Contains("not recorded"));
            Assert.That(x.HasGradient, Is.False);
            _tape.Backward(loss);
            Assert.That(() => _tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("already"));
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[2, 4]));
    }

    /// <summary>Memory that is allocated again must not show its new values through an expired tensor.</summary>
    [Test]
    public void A_tensor_of_an_earlier_recording_throws()
    {
        Parameter<double> x = New("x", 1, 2);
        Tensor<double> y, view;
        using (_tape.Record())
        {
            y = x.Value.Square();
            view = y.Reshape(2, 1);
        }
        Assert.That(y.ToArray(), Is.EqualTo((double[])[1, 4]), "values last until the next recording");
        using (_tape.Record())
        {
            Assert.That(() => y.ToArray(), Throws.InvalidOperationException.With.Message.Contains("expired"));
            Assert.That(() => view.Span.Length, Throws.InvalidOperationException);
            Assert.That(() => y + y, Throws.InvalidOperationException);
            _ = x.Value.Exp();
            Assert.That(() => y[0], Throws.InvalidOperationException);
        }
    }

    [Test]
    public void A_tensor_without_a_value_says_so() =>
        Assert.That(() => default(Tensor<double>).Exp(), Throws.InvalidOperationException.With.Message.Contains("default tensor"));

    [Test]
    public void Outside_a_recording_results_own_their_memory()
    {
        Parameter<double> x = New("x", 2);
        Tensor<double> y = x.Value.Square();
        using (_tape.Record())
        {
            _ = x.Value.Exp();
        }
        Assert.That(y.Item, Is.EqualTo(4));
        Assert.That(() => _tape.Backward(y), Throws.InvalidOperationException);
    }

    [Test]
    public void A_tape_that_records_refuses_to_record()
    {
        using (_tape.Record())
        {
            Assert.Throws<InvalidOperationException>(() => _tape.Record());
        }
        Assert.That(Tape<double>.Current, Is.Null);
    }

    [Test]
    public void Recordings_nest()
    {
        Tape<double> inner = new();
        Parameter<double> x = New("x", 3);
        using (_tape.Record())
        {
            Tensor<double> y = x.Value.Square(), constant = y.Clone();
            using (inner.Record())
            {
                inner.Backward((x.Value * constant).Sum());
                Assert.That(x.Gradient.Item, Is.EqualTo(9));
            }
            Assert.That(Tape<double>.Current, Is.SameAs(_tape));
            _tape.Backward(y.Sum());
        }
        Assert.That(x.Gradient.Item, Is.EqualTo(9 + 6));
        Assert.That(Tape<double>.Current, Is.Null);
    }

    /// <summary>A recording that ends before one it contains must not be recorded on again.</summary>
    [Test]
    public void Recordings_that_end_out_of_turn_leave_the_thread_clean()
    {
        Tape<double> inner = new();
        Tape<double>.Recording outside = _tape.Record(), inside = inner.Record();
        outside.Dispose();
        Assert.That(Tape<double>.Current, Is.SameAs(inner));
        inside.Dispose();
        Assert.That(Tape<double>.Current, Is.Null);
    }

    [Test]
    public void An_exception_inside_leaves_the_thread_clean()
    {
        Parameter<double> x = New("x", 1, 2, 3);
        Assert.Throws<ArgumentException>(() => Backward(() => (x.Value.Exp() + Tensor<double>.From(1, 2)).Sum()));
        Assert.That(Tape<double>.Current, Is.Null);
        Backward(() => x.Value.Sum());
        Assert.That(x.Gradient.ToArray(), Is.All.EqualTo(1));
    }

    /// <summary>The backward pass stops recording; it must go on after an operation throws.</summary>
    [Test]
    public void An_exception_in_the_backward_pass_leaves_the_recording_running()
    {
        Parameter<double> x = New("x", 1);
        using (_tape.Record())
        {
            Tensor<double> y = x.Value.Square();
            Tape<double>.Record(new Node<double> { Op = new Throwing(), A = x.Value }, y);
            Assert.Throws<NotSupportedException>(() => _tape.Backward(y));
            Assert.That(Tape<double>.Current, Is.SameAs(_tape));
        }
        Assert.That(x.HasGradient, Is.False);
    }

    [Test]
    public void A_recording_belongs_to_its_thread()
    {
        Parameter<double> x = New("x", 1);
        using (_tape.Record())
        {
            Thread other = new(() => _ = x.Value.Exp());
            other.Start();
            other.Join();
            Assert.That(_tape.Count, Is.Zero);
        }
    }

    [Test]
    public void No_elements_no_harm()
    {
        Parameter<double> x = new("x", Tensor<double>.Zeros([0, 3]));
        Assert.That(Backward(() => (x.Value.Exp().MatMul(Tensor<double>.Zeros([3, 2])) * 2).Sum()), Is.Zero);
        Assert.That(x.HasGradient);
        Assert.That(x.Gradient.Length, Is.Zero);
    }

    private sealed class Throwing : Op<double>
    {
        public override string Name => "Throwing";

        protected internal override void Backward(in Node<double> node, in BackwardContext<double> context) =>
            throw new NotSupportedException();
    }

    /// <summary>An inner tape that would take an outer tape's result for a constant, and lose its gradient.</summary>
    [Test]
    public void A_tensor_that_another_tape_is_recording_is_refused()
    {
        Parameter<double> a = new("a", Tensor<double>.From(1.0, 2.0));
        Tape<double> outer = new(), inner = new();
        using (outer.Record())
        {
            Tensor<double> y = a.Value.Square();
            using (inner.Record())
            {
                Assert.That(() => y * a.Value, Throws.InvalidOperationException.With.Message.Contains("another tape"));
            }
        }
    }

    /// <summary>A recording that ends on another thread, or a handle disposed twice that ends a later recording.</summary>
    [Test]
    public void A_recording_ends_once_and_on_its_own_thread()
    {
        Parameter<double> a = new("a", Tensor<double>.From(1.0));
        Tape<double> tape = new();
        Tape<double>.Recording first = tape.Record();
        Exception? thrown = null;
        Thread other = new(() => thrown = Assert.Catch(() => first.Dispose()));
        other.Start();
        other.Join();
        Assert.That(thrown, Is.InstanceOf<InvalidOperationException>());
        first.Dispose();
        Assert.That(Tape<double>.Current, Is.Null);
        using (tape.Record())
        {
            first.Dispose();
            default(Tape<double>.Recording).Dispose();
            _ = a.Value.Square();
            Assert.That(tape.Count, Is.EqualTo(1));
        }
    }
}
