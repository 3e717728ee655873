namespace Engine.Tests;

/// <summary>What <see cref="Tape{T}.Record(in Node{T}, in Tensor{T})"/> records, and what it refuses.</summary>
internal sealed class RecordTests
{
    private static readonly TestOp s_pass = new(static (in node, in context) =>
    {
        context.Accumulate(node.A, context.OutputGradient);
        context.Accumulate(node.B, context.OutputGradient);
        context.Accumulate(node.C, context.OutputGradient);
    });

    private readonly Tape<double> _tape = new();
    private readonly Parameter<double> _x = new("x", Tensor<double>.From(1, 2, 3));

    [SetUp]
    public void Clear() => _x.ClearGradient();

    /// <summary>An input that is not looked at: its gradient would be lost.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_parameter_in_any_place_is_found(int place)
    {
        Tensor<double> one = Tensor<double>.From(1, 1, 1);
        using (_tape.Record())
        {
            Tensor<double> y = Tape<double>.Allocate([3], out Span<double> elements);
            elements.Clear();
            Tensor<double> b = place == 1 ? _x.Value : default, c = place == 2 ? _x.Value : default;
            Tape<double>.Record(new Node<double> { Op = s_pass, A = place == 0 ? _x.Value : one, B = b, C = c }, y);
            _tape.Backward(y.Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[1, 1, 1]));
    }

    [Test]
    public void Constants_and_missing_inputs_are_not_recorded()
    {
        using (_tape.Record())
        {
            Tensor<double> y = Tape<double>.Allocate([3], out _);
            Assert.That(
                Tape<double>.Record(new Node<double> { Op = s_pass, A = Tensor<double>.From(1, 2, 3) }, y).Shape, Is.EqualTo(y.Shape));
            Assert.That(_tape.Count, Is.Zero);
        }
        Assert.That(default(Tensor<double>).IsDefault);
        Assert.That(Tensor<double>.Zeros([0]).IsDefault, Is.False);
    }

    /// <summary>A missing input is not one without elements: that one has a gradient, without elements too.</summary>
    [Test]
    public void An_input_without_elements_is_not_missing()
    {
        Parameter<double> weight = new("weight", Tensor<double>.Zeros([0, 3])), bias = new("bias", Tensor<double>.Zeros([0]));
        using (_tape.Record())
        {
            _tape.Backward(Tensor<double>.Zeros([2, 3]).Linear(weight.Value, bias.Value).Sum());
        }
        Assert.That((weight.HasGradient, bias.HasGradient), Is.EqualTo((true, true)));
    }

    /// <summary>Memory that is not the tape's would be marked as a result of this recording for ever.</summary>
    [Test]
    public void An_output_in_memory_of_its_own_is_refused_and_leaves_no_trace()
    {
        Tensor<double> own = Tensor<double>.From(1, 2, 3);
        using (_tape.Record())
        {
            Assert.That(
                () => Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, own),
                Throws.InvalidOperationException.With.Message.Contains("TestOp").And.Message.Contains("Tape.Allocate"));
            Assert.That(_tape.Count, Is.Zero);
        }
        using (_tape.Record())
        {
            _tape.Backward((own * _x.Value).Sum());
            Assert.That(_tape.Count, Is.EqualTo(2));
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[1, 2, 3]));
        Assert.That(
            Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, own).ToArray(), Is.EqualTo(own.ToArray()),
            "nothing is recorded outside a recording");
    }

    [Test]
    public void A_node_without_an_operation_is_refused([Values] bool isRecording)
    {
        using (isRecording ? _tape.Record() : default)
        {
            Tensor<double> y = Tape<double>.Allocate([3], out _);
            Assert.That(
                () => Tape<double>.Record(new Node<double> { Op = null!, A = _x.Value }, y),
                Throws.ArgumentException.With.Message.Contains("Op is null"));
            Assert.That(_tape.Count, Is.Zero);
        }
    }

    /// <summary>An input that becomes its own output would contribute to itself.</summary>
    [Test]
    public void An_output_that_is_an_input_is_refused()
    {
        using (_tape.Record())
        {
            Tensor<double> y = _x.Value * 2;
            Assert.That(
                () => Tape<double>.Record(new Node<double> { Op = s_pass, A = y }, y.Reshape(3, 1)),
                Throws.InvalidOperationException.With.Message.Contains("shares its memory"));
            Assert.That(
                () => Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, _x.Value), Throws.InvalidOperationException);
        }
    }

    /// <summary>What was computed from a result contributes to the gradient that its first operation has already used.</summary>
    [Test]
    public void An_output_of_an_earlier_operation_is_refused()
    {
        using (_tape.Record())
        {
            Tensor<double> y = _x.Value.Exp();
            _ = y.Square();
            Assert.That(
                () => Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, y),
                Throws.InvalidOperationException.With.Message.Contains("earlier Exp"));
        }
    }

    /// <summary>A forward pass in tensor operations with a Backward of its own: the operations' gradients are ignored.</summary>
    [Test]
    public void The_result_of_the_last_operation_gets_the_new_operations_gradient()
    {
        using (_tape.Record())
        {
            Tensor<double> y = Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, (_x.Value * 7).Square());
            _tape.Backward((y * 2).Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[2, 2, 2]));
    }

    /// <summary>
    /// A mark that forgets too much or too little: what was recorded before is differentiated as if nothing had come after, also where an
    /// operation had taken over its result, and inputs and indices of later nodes are their own.
    /// </summary>
    [Test]
    public void A_recording_goes_back_to_a_mark()
    {
        Tensor<double> later;
        using (_tape.Record())
        {
            Tensor<double> y = _x.Value.Exp();
            Tape<double>.Mark mark = Tape<double>.SetMark();
            Tape<double>.Record(new Node<double> { Op = s_pass, A = _x.Value }, y);
            later = Tensor<double>.Concat([y, y.IndexSelect(0, [2, 1])], 0);
            mark.RollBack();
            mark.RollBack();
            Assert.That(_tape.Count, Is.EqualTo(1));
            Assert.That(() => later.Square(), Throws.InvalidOperationException, "expired");
            later = Tensor<double>.Concat([y, y.IndexSelect(0, [0, 0])], 0);
            _tape.Backward(later.Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[3 * Math.E, Math.Exp(2), Math.Exp(3)]).Within(1e-12));
    }

    /// <summary>A mark of a recording that has ended, or of none, which takes back operations of the next.</summary>
    [Test]
    public void A_mark_of_another_recording_does_nothing()
    {
        Tape<double>.Mark none = Tape<double>.SetMark(), ended;
        using (_tape.Record())
        {
            ended = Tape<double>.SetMark();
        }
        using (_tape.Record())
        {
            _ = _x.Value.Exp();
            ended.RollBack();
            none.RollBack();
            Assert.That(_tape.Count, Is.EqualTo(1));
        }
    }

    /// <summary>Settings of a use that are lost or rounded on the way to Backward.</summary>
    [Test]
    public void A_node_carries_its_settings()
    {
        RandomKey key = RandomKey.FromSeed(3).Fold("node");
        long integer = 0;
        double scalar = 0;
        RandomKey found = default;
        double[] saved = [];
        TestOp op = new((in node, in _) => (integer, scalar, found, saved) = (node.Integer, node.Scalar, node.Key, node.Saved.ToArray()));
        using (_tape.Record())
        {
            Tensor<double> y = Tape<double>.Allocate([], out Span<double> element);
            element[0] = 1;
            Tensor<double> kept = Tensor<double>.From(4, 5);
            Node<double> node = new() { Op = op, A = _x.Value, Saved = kept, Integer = (1L << 62) + 1, Scalar = 0.1, Key = key };
            _tape.Backward(Tape<double>.Record(node, y));
        }
        Assert.That((integer, scalar, found), Is.EqualTo(((1L << 62) + 1, 0.1, key)));
        Assert.That(saved, Is.EqualTo((double[])[4, 5]));
    }
}
