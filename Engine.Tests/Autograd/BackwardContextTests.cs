namespace Engine.Tests;

/// <summary>A user's Backward, written in any order and with any tensors, must not corrupt what others read.</summary>
internal sealed class BackwardContextTests
{
    private readonly Tape<double> _tape = new();
    private readonly Parameter<double> _x = new("x", Tensor<double>.From(1, 2, 3)), _y = new("y", Tensor<double>.From(4, 5, 6));

    [SetUp]
    public void Clear()
    {
        _x.ClearGradient();
        _y.ClearGradient();
    }

    private static Tensor<double> Apply(TestOp op, Tensor<double> a, Tensor<double> b = default, Tensor<double> saved = default)
    {
        Tensor<double> output = Tape<double>.Allocate(a.Shape, out Span<double> elements);
        elements.Fill(1);
        return Tape<double>.Record(new Node<double> { Op = op, A = a, B = b, Saved = saved }, output);
    }

    /// <summary>Records a loss and runs the backward pass.</summary>
    private void Backward(Func<Tensor<double>> loss)
    {
        using (_tape.Record())
        {
            _tape.Backward(loss());
        }
    }

    /// <summary>A fresh tensor for each operation in Backward, or a recording of them.</summary>
    [Test]
    public void Tensor_operations_in_Backward_are_not_recorded_and_allocate_nothing()
    {
        TestOp op = new(static (in node, in context) => context.Accumulate(node.A, context.OutputGradient * node.A.Exp() / 2));
        int count = 0;
        Step();
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[Math.Exp(1), Math.Exp(2), Math.Exp(3)]).Within(1e-14));
        Assert.That(count, Is.EqualTo(3));
        Warm.AllocatesNothing(Step);

        void Step()
        {
            _x.ClearGradient();
            using (_tape.Record())
            {
                Tensor<double> loss = Apply(op, _x.Value * 1).Sum();
                _tape.Backward(loss * 3 - loss);
                count = _tape.Count - 2;
            }
        }
    }

    /// <summary>Two inputs that share the memory of one gradient: what is added to one would be added to the other.</summary>
    [Test]
    public void The_outputs_gradient_may_be_given_to_every_input()
    {
        TestOp both = new(static (in node, in context) =>
        {
            context.Accumulate(node.A, context.OutputGradient);
            context.Accumulate(node.B, context.OutputGradient);
        });
        Backward(() =>
        {
            Tensor<double> a = _x.Value * 1, b = _y.Value * 1, early = a * 10, late = b * 100;
            return (early + late + Apply(both, a, b)).Sum();
        });
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(11));
        Assert.That(_y.Gradient.ToArray(), Is.All.EqualTo(101));
    }

    /// <summary>One tensor as both inputs: the first contribution must still have its value when it is read again.</summary>
    [Test]
    public void A_contribution_may_be_read_and_given_again([Values] bool isParameter)
    {
        TestOp op = new(static (in node, in context) =>
        {
            Tensor<double> d = context.OutputGradient * 3;
            context.Accumulate(node.A, d);
            context.Accumulate(node.B, d);
            context.Accumulate(node.A, d * 2);
        });
        Backward(() =>
        {
            Tensor<double> a = isParameter ? _x.Value : _x.Value * 1;
            return Apply(op, a, a).Sum();
        });
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(3 + 3 + 6));
    }

    /// <summary>A saved tensor or an input that becomes the memory of a gradient, and is then changed under those who read it.</summary>
    [Test]
    public void Saved_tensors_and_inputs_may_be_contributed()
    {
        TestOp op = new(static (in node, in context) =>
        {
            context.Accumulate(node.A, node.Saved);
            context.Accumulate(node.A, node.B);
        });
        double[] saved = [], b = [];
        Backward(() =>
        {
            Tensor<double> constant = Tensor<double>.From(7, 8, 9) * 1, other = _y.Value * 1, a = _x.Value * 1;
            TestOp look = new((in node, in context) =>
            {
                (saved, b) = (node.Saved.ToArray(), node.B.ToArray());
                context.Accumulate(node.A, context.OutputGradient);
            });
            Tensor<double> first = Apply(look, a, other, constant);
            return (Apply(op, a, other, constant) + first).Sum();
        });
        Assert.That(saved, Is.EqualTo((double[])[7, 8, 9]));
        Assert.That(b, Is.EqualTo((double[])[4, 5, 6]));
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[7 + 4 + 1, 8 + 5 + 1, 9 + 6 + 1]));
    }

    /// <summary>Two inputs that are one parameter, whose gradient's memory would be handed out twice.</summary>
    [Test]
    public void Memory_for_two_inputs_may_be_allocated_before_either_is_accumulated()
    {
        TestOp op = new(static (in node, in context) =>
        {
            Tensor<double> da = context.Allocate(node.A, out Span<double> a), db = context.Allocate(node.B, out Span<double> b);
            a.Fill(10);
            b.Fill(1);
            context.Accumulate(node.A, da);
            context.Accumulate(node.B, db);
        });
        Backward(() => Apply(op, _x.Value, _x.Value).Sum());
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(11));
    }

    [Test]
    public void A_contribution_ahead_of_the_memory_that_was_allocated_first_is_refused()
    {
        TestOp op = new(static (in node, in context) =>
        {
            Tensor<double> da = context.Allocate(node.A, out Span<double> a);
            a.Fill(10);
            context.Accumulate(node.B, context.OutputGradient);
            context.Accumulate(node.A, da);
        });
        Assert.That(
            () => Backward(() => Apply(op, _x.Value, _x.Value).Sum()), Throws.InvalidOperationException.With.Message.Contains("'x'"));
        _x.ClearGradient();
        Backward(() => _x.Value.Sum());
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(1), "the next recording is not affected");
    }

    [Test]
    public void A_contribution_is_summed_back_to_the_inputs_shape_or_refused()
    {
        TestOp rows = new(static (in node, in context) => context.Accumulate(node.A, Tensor<double>.Full([2, 3], 1)));
        Backward(() => Apply(rows, _x.Value).Sum());
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(2));
        TestOp columns = new(static (in node, in context) => context.Accumulate(node.A, Tensor<double>.Full([3, 2], 1)));
        Assert.That(
            () => Backward(() => Apply(columns, _x.Value).Sum()),
            Throws.ArgumentException.With.Message.Contains("[3, 2]").And.Message.Contains("[3]"));
    }

    /// <summary>A constant, or an input that is not there, as the target of a contribution.</summary>
    [Test]
    public void Contributions_that_nobody_needs_are_ignored()
    {
        TestOp op = new(static (in node, in context) =>
        {
            Assert.That(
                (context.NeedsGradient(node.A), context.NeedsGradient(node.B), context.NeedsGradient(node.C)),
                Is.EqualTo((true, false, false)));
            context.Accumulate(node.A, context.OutputGradient);
            context.Accumulate(node.B, context.OutputGradient);
            context.Accumulate(node.C, context.OutputGradient);
        });
        Backward(() => Apply(op, _x.Value, Tensor<double>.From(1, 2, 3)).Sum());
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(1));
    }

    /// <summary>A gradient of something else, which its own backward pass has seen already or never will.</summary>
    [Test]
    public void A_contribution_to_what_is_no_input_is_refused([Values("output", "parameter", "saved", "constant")] string target)
    {
        Tensor<double> constant = Tensor<double>.From(1, 2, 3);
        TestOp op = new((in node, in context) =>
        {
            Tensor<double> wrong = target switch { "output" => node.Output, "parameter" => _y.Value, "saved" => node.Saved, _ => constant };
            if (target == "saved")
            {
                context.Allocate(wrong, out _);
            }
            context.Accumulate(wrong, context.OutputGradient);
        });
        Assert.That(
            () => Backward(() => Apply(op, _x.Value, saved: _y.Value * 1).Sum()),
            Throws.ArgumentException.With.Message.Contains("TestOp: " + (target == "saved" ? "Allocate" : "Accumulate"))
                .And.Message.Contains("[3]").And.Message.Contains("not an input"));
        Assert.That((_x.HasGradient, _y.HasGradient), Is.EqualTo((false, false)));
        TestOp view = new(static (in node, in context) => context.Accumulate(node.A.Reshape(3, 1), Tensor<double>.Full([3, 1], 5)));
        Backward(() => Apply(view, _x.Value).Sum());
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(5), "a view of an input is that input");
    }

    /// <summary>Gradients of which some are those of this pass and some those of the last, after an operation has thrown.</summary>
    [Test]
    public void A_backward_pass_that_throws_has_changed_no_gradient([Values] bool hadGradient)
    {
        Parameter<double> z = new("z", Tensor<double>.From(7, 8, 9));
        if (hadGradient)
        {
            Backward(() => (_x.Value * 2 + z.Value * 3).Sum());
        }
        TestOp throwing = new(static (in node, in context) =>
        {
            context.Accumulate(node.A, context.OutputGradient);
            context.Allocate(node.B, out Span<double> elements);
            elements.Fill(99);
            throw new NotSupportedException();
        });
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.That(
                () => Backward(() =>
                {
                    Tensor<double> thrower = Apply(throwing, z.Value, _y.Value);
                    return (thrower + _x.Value.Square() + z.Value * _x.Value).Sum();
                }),
                Throws.InstanceOf<NotSupportedException>());
            Assert.That(_y.HasGradient, Is.False);
            Assert.That((_x.HasGradient, z.HasGradient), Is.EqualTo((hadGradient, hadGradient)));
            if (hadGradient)
            {
                Assert.That((_x.Gradient.ToArray(), z.Gradient.ToArray()), Is.EqualTo(((double[])[2, 2, 2], (double[])[3, 3, 3])));
            }
        }
        Backward(() => (_y.Value * z.Value).Sum());
        Assert.That(_y.Gradient.ToArray(), Is.EqualTo((double[])[7, 8, 9]), "the next backward pass is not affected");
    }

    [Test]
    public void Backward_inside_Backward_of_the_same_tape_is_refused()
    {
        Tensor<double> loss = default;
        TestOp op = new((in _, in _) => _tape.Backward(loss));
        Assert.That(
            () => Backward(() => loss = Apply(op, _x.Value).Sum()),
            Throws.InvalidOperationException.With.Message.Contains("called by an operation's Backward"));
    }

    /// <summary>A recording begun under the feet of the backward pass would reclaim its memory.</summary>
    [Test]
    public void The_tape_cannot_record_while_its_backward_pass_runs()
    {
        TestOp op = new((in _, in _) => _tape.Record());
        using (_tape.Record())
        {
            Tensor<double> loss = Apply(op, _x.Value).Sum();
            Assert.That(() => _tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("in use"));
        }
        Tensor<double> last;
        using (_tape.Record())
        {
            last = Apply(op, _x.Value).Sum();
        }
        Assert.That(
            () => _tape.Backward(last), Throws.InvalidOperationException.With.Message.Contains("in use"),
            "nor after the recording has ended");
    }

    /// <summary>A second tape inside a Backward, which must record, and leave the backward pass as it was.</summary>
    [Test]
    public void Another_tape_may_record_inside_Backward()
    {
        Tape<double> inner = new();
        TestOp op = new((in node, in context) =>
        {
            using (inner.Record())
            {
                inner.Backward(_y.Value.Square().Sum());
            }
            Assert.That(Tape<double>.Current, Is.SameAs(_tape));
            context.Accumulate(node.A, context.OutputGradient * 2);
        });
        Tensor<double> loss;
        using (_tape.Record())
        {
            loss = Apply(op, _x.Value * 1).Sum();
        }
        _tape.Backward(loss);
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(2));
        Assert.That(_y.Gradient.ToArray(), Is.EqualTo((double[])[8, 10, 12]));
        Assert.That(Tape<double>.Current, Is.Null);
    }

    /// <summary>A part of a gradient that is added to in place, and is not counted as a new gradient.</summary>
    [Test]
    public void A_gradient_that_is_added_to_in_place_is_new()
    {
        Parameter<double> x = new("x", Tensor<double>.From(1, 2, 3));
        for (int pass = 1; pass <= 2; pass++)
        {
            using (_tape.Record())
            {
                _tape.Backward(x.Value.Slice(..1).Sum());
            }
            Assert.That(x.GradientsReceived, Is.EqualTo(pass));
            Assert.That(x.Gradient.ToArray(), Is.EqualTo((double[])[pass, 0, 0]));
        }
    }
}
