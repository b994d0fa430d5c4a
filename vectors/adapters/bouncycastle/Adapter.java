// Bouncy Castle, lightweight interface. Run as a single file: java -cp bcprov.jar Adapter.java
// An exception that the interface documents as a refusal is one; any other is reported as an error.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.agreement.SM2KeyExchange;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.SM2KeyExchangePrivateParameters;
import org.bouncycastle.crypto.params.SM2KeyExchangePublicParameters;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.util.encoders.Hex;

public class Adapter {
    static final X9ECParameters CURVE = GMNamedCurves.getByName("sm2p256v1");
    static final ECDomainParameters DOMAIN =
        new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

    static class Refused extends Exception {}

    static class Unsupported extends Exception {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, String> q = parse(line);
            String answer;
            try {
                String output = answer(q);
                answer = "\"result\":\"valid\"" + (output == null ? "" : ",\"output\":\"" + output + "\"");
            } catch (Refused refusal) {
                answer = "\"result\":\"invalid\"";
            } catch (Unsupported gap) {
                answer = "\"result\":\"unsupported\"";
            } catch (Exception error) {
                String text = error.toString().replaceAll("[^A-Za-z0-9 .:,()_-]", " ");
                answer = "\"result\":\"error\",\"reason\":\"" + text.substring(0, Math.min(150, text.length())) + "\"";
            }
            out.println("{\"id\":\"" + q.get("id") + "\"," + answer + "}");
        }
    }

    /** The questions hold strings without escapes but in free text, which no operation here takes. */
    static Map<String, String> parse(String line) {
        Map<String, String> found = new HashMap<>();
        java.util.regex.Matcher pair =
            java.util.regex.Pattern.compile("\"([a-z0-9_]++)\"\\s*:\\s*\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"").matcher(line);
        while (pair.find()) {
            found.putIfAbsent(pair.group(1).equals("id") && found.containsKey("id") ? "signer" : pair.group(1), pair.group(2));
        }
        return found;
    }

    static byte[] data(Map<String, String> q, String name) {
        return Hex.decode(q.get(name));
    }

    static String hex(byte[] bytes) {
        return Hex.toHexString(bytes);
    }

    static void verdict(boolean accepted) throws Refused {
        if (!accepted) {
            throw new Refused();
        }
    }

    static byte[] repeated(Map<String, String> q) {
        byte[] unit = data(q, "message");
        int times = Integer.parseInt(q.get("repeat"));
        byte[] all = new byte[unit.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(unit, 0, all, i * unit.length, unit.length);
        }
        return all;
    }

    static String answer(Map<String, String> q) throws Exception {
        switch (q.get("operation")) {
            case "about":
                return "Bouncy Castle " + new org.bouncycastle.jce.provider.BouncyCastleProvider().getVersionStr()
                    + " on Java " + System.getProperty("java.version");
            case "sm3.digest":
                return hex(sm3(repeated(q)));
            case "hmac-sm3.mac":
                return hex(mac(q));
            case "hmac-sm3.verify":
                verdict(Arrays.equals(mac(q), data(q, "mac")));
                return null;
            case "test-key.derive":
                return derive(q);
            case "sm4.ecb-encrypt":
            case "sm4.ecb-decrypt":
            case "sm4.cbc-encrypt":
            case "sm4.cbc-decrypt":
                return hex(crypt(q));
            case "sm4.gcm-seal":
            case "sm4.gcm-open":
            case "sm4.ccm-seal":
            case "sm4.ccm-open":
                return hex(aead(q));
            case "sm2.public-key":
                return hex(publicOf(secret(q, "d")).getQ().getEncoded(false));
            case "sm2.parse-public-key":
                key(data(q, "public_key"));
                return null;
            case "sm2.parse-spki":
                return hex(spki(data(q, "spki")));
            case "sm2.verify":
                verify(q);
                return null;
            case "x509.signature":
                x509(q);
                return null;
            case "ses.signature":
                seal(q);
                return null;
            case "sm2.sign-with-nonce":
                return hex(sign(q));
            case "sm2.exchange":
                return hex(exchange(q));
            case "sm2.encrypt-with-nonce":
                return hex(encrypt(q));
            case "sm2.decrypt":
                return hex(decrypt(q));
            default:
                throw new Unsupported();
        }
    }

    static byte[] sm3(byte[] message) {
        SM3Digest digest = new SM3Digest();
        digest.update(message, 0, message.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    static byte[] mac(Map<String, String> q) {
        HMac mac = new HMac(new SM3Digest());
        byte[] message = repeated(q);
        mac.init(new KeyParameter(data(q, "key")));
        mac.update(message, 0, message.length);
        byte[] out = new byte[32];
        mac.doFinal(out, 0);
        return out;
    }

    static String derive(Map<String, String> q) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SM3Digest());
        byte[] info = q.get("label").getBytes(StandardCharsets.UTF_8);
        generator.init(new HKDFParameters(data(q, "seed"), new byte[32], info));
        byte[] material = new byte[48];
        generator.generateBytes(material, 0, 48);
        BigInteger two = BigInteger.valueOf(2);
        BigInteger d = new BigInteger(1, material).mod(DOMAIN.getN().subtract(two)).add(BigInteger.ONE);
        return String.format("%064x", d);
    }

    static byte[] crypt(Map<String, String> q) throws Exception {
        String operation = q.get("operation");
        boolean encrypts = operation.endsWith("-encrypt");
        byte[] text = data(q, encrypts ? "plaintext" : "ciphertext");
        boolean cbc = operation.startsWith("sm4.cbc");
        BlockCipher cipher = cbc ? new CBCBlockCipher(new SM4Engine()) : new SM4Engine();
        KeyParameter key = new KeyParameter(data(q, "key"));
        if ("pkcs7".equals(q.get("padding"))) {
            PaddedBufferedBlockCipher padded = new PaddedBufferedBlockCipher(cipher, new PKCS7Padding());
            padded.init(encrypts, new ParametersWithIV(key, data(q, "iv")));
            byte[] out = new byte[padded.getOutputSize(text.length)];
            int length = padded.processBytes(text, 0, text.length, out, 0);
            try {
                length += padded.doFinal(out, length);
            } catch (InvalidCipherTextException | org.bouncycastle.crypto.DataLengthException refusal) {
                throw new Refused();
            }
            return Arrays.copyOf(out, length);
        }
        if (text.length % 16 != 0) {
            throw new Unsupported(); // the interface takes blocks
        }
        for (int round = 0; round < Integer.parseInt(q.getOrDefault("rounds", "1")); round++) {
            cipher.init(encrypts, cbc ? new ParametersWithIV(key, data(q, "iv")) : key);
            byte[] out = new byte[text.length];
            for (int at = 0; at < text.length; at += 16) {
                cipher.processBlock(text, at, out, at);
            }
            text = out;
        }
        return text;
    }

    static byte[] aead(Map<String, String> q) throws Exception {
        String operation = q.get("operation");
        boolean seals = operation.endsWith("-seal");
        byte[] text = data(q, seals ? "plaintext" : "ciphertext");
        AEADBlockCipher cipher =
            operation.startsWith("sm4.gcm") ? new GCMBlockCipher(new SM4Engine()) : new CCMBlockCipher(new SM4Engine());
        KeyParameter key = new KeyParameter(data(q, "key"));
        cipher.init(seals, new AEADParameters(key, 128, data(q, "nonce"), data(q, "aad")));
        byte[] out = new byte[cipher.getOutputSize(text.length)];
        try {
            int length = cipher.processBytes(text, 0, text.length, out, 0);
            length += cipher.doFinal(out, length);
            return Arrays.copyOf(out, length);
        } catch (InvalidCipherTextException refusal) {
            throw new Refused();
        }
    }

    static ECPrivateKeyParameters secret(Map<String, String> q, String name) throws Refused {
        try {
            return new ECPrivateKeyParameters(new BigInteger(1, data(q, name)), DOMAIN);
        } catch (IllegalArgumentException refusal) {
            throw new Refused();
        }
    }

    static ECPublicKeyParameters publicOf(ECPrivateKeyParameters secret) {
        return new ECPublicKeyParameters(DOMAIN.getG().multiply(secret.getD()), DOMAIN);
    }

    static ECPublicKeyParameters key(byte[] raw) throws Refused {
        try {
            return new ECPublicKeyParameters(CURVE.getCurve().decodePoint(raw), DOMAIN);
        } catch (IllegalArgumentException refusal) {
            throw new Refused();
        }
    }

    static byte[] spki(byte[] raw) throws Exception {
        ECPublicKeyParameters key;
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(raw));
            key = (ECPublicKeyParameters) PublicKeyFactory.createKey(info);
        } catch (java.io.IOException | IllegalArgumentException | ClassCastException refusal) {
            throw new Refused();
        }
        return key.getQ().getEncoded(false);
    }

    static void verify(Map<String, String> q) throws Exception {
        byte[] digest = q.containsKey("digest") ? data(q, "digest") : null;
        boolean der = q.get("encoding").equals("der");
        SM2Signer signer =
            new SM2Signer(der ? StandardDSAEncoding.INSTANCE : PlainDSAEncoding.INSTANCE) {
                @Override
                protected BigInteger calculateE(BigInteger n, byte[] computed) {
                    return super.calculateE(n, digest == null ? computed : digest);
                }
            };
        ECPublicKeyParameters key = key(data(q, "public_key"));
        if (digest == null) {
            byte[] message = data(q, "message");
            signer.init(false, new ParametersWithID(key, data(q, "signer")));
            signer.update(message, 0, message.length);
        } else {
            signer.init(false, key);
        }
        verdict(signer.verifySignature(data(q, "signature")));
    }

    static ECPublicKeyParameters holder(Certificate certificate) throws Exception {
        return (ECPublicKeyParameters) PublicKeyFactory.createKey(certificate.getSubjectPublicKeyInfo());
    }

    /** SM2 with SM3 under the identifier that the library takes by default. */
    static void signed(Certificate by, ASN1ObjectIdentifier algorithm, byte[] message, ASN1BitString value)
        throws Exception {
        verdict(algorithm.getId().equals("1.2.156.10197.1.501"));
        SM2Signer signer = new SM2Signer(StandardDSAEncoding.INSTANCE);
        signer.init(false, holder(by));
        signer.update(message, 0, message.length);
        verdict(signer.verifySignature(value.getOctets()));
    }

    /** What the structures document as refusals: bytes or parts that are not what they should be. */
    static void x509(Map<String, String> q) throws Exception {
        try {
            Certificate issuer = Certificate.getInstance(ASN1Primitive.fromByteArray(data(q, "issuer")));
            ASN1Primitive object = ASN1Primitive.fromByteArray(data(q, "object"));
            switch (q.get("kind")) {
                case "certificate":
                    Certificate one = Certificate.getInstance(object);
                    AlgorithmIdentifier named = one.getSignatureAlgorithm();
                    signed(issuer, named.getAlgorithm(), one.getTBSCertificate().getEncoded(), one.getSignature());
                    break;
                case "crl":
                    CertificateList list = CertificateList.getInstance(object);
                    named = list.getSignatureAlgorithm();
                    signed(issuer, named.getAlgorithm(), list.getTBSCertList().getEncoded(), list.getSignature());
                    break;
                default:
                    byte[] inside = OCSPResponse.getInstance(object).getResponseBytes().getResponse().getOctets();
                    BasicOCSPResponse basic = BasicOCSPResponse.getInstance(ASN1Primitive.fromByteArray(inside));
                    named = basic.getSignatureAlgorithm();
                    signed(issuer, named.getAlgorithm(), basic.getTbsResponseData().getEncoded(), basic.getSignature());
            }
        } catch (java.io.IOException | IllegalArgumentException | ClassCastException refusal) {
            throw new Refused();
        }
    }

    /** Seals and seal signatures by their places in the structure, in the shapes of 2014 and 2020. */
    static void seal(Map<String, String> q) throws Exception {
        try {
            ASN1Sequence outer = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(data(q, "object")));
            ASN1Encodable message = outer.getObjectAt(0);
            ASN1Sequence parts = outer;
            int at = 1;
            ASN1Encodable value = null;
            if (outer.size() == 2 && q.get("kind").equals("seal")) {
                parts = ASN1Sequence.getInstance(outer.getObjectAt(1));
                at = 0;
                message = new DERSequence(new ASN1Encodable[] {message, parts.getObjectAt(0), parts.getObjectAt(1)});
            } else if (outer.size() == 2) {
                parts = ASN1Sequence.getInstance(message);
                at = 5;
                value = outer.getObjectAt(1);
            }
            byte[] certificate = ASN1OctetString.getInstance(parts.getObjectAt(at)).getOctets();
            ASN1ObjectIdentifier named = ASN1ObjectIdentifier.getInstance(parts.getObjectAt(at + 1));
            value = value == null ? parts.getObjectAt(at + 2) : value;
            Certificate by = Certificate.getInstance(ASN1Primitive.fromByteArray(certificate));
            signed(by, named, message.toASN1Primitive().getEncoded(), ASN1BitString.getInstance(value));
        } catch (java.io.IOException | IllegalArgumentException | ClassCastException refusal) {
            throw new Refused();
        }
    }

    /** Random numbers that are all the same. */
    static SecureRandom always(byte[] value) {
        return new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                byte[] whole = new byte[Math.max(bytes.length, value.length)];
                System.arraycopy(value, 0, whole, whole.length - value.length, value.length);
                System.arraycopy(whole, whole.length - bytes.length, bytes, 0, bytes.length);
            }
        };
    }

    static byte[] sign(Map<String, String> q) throws Exception {
        SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE);
        ParametersWithRandom key = new ParametersWithRandom(secret(q, "d"), always(data(q, "k")));
        byte[] message = data(q, "message");
        signer.init(true, new ParametersWithID(key, data(q, "signer")));
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    static byte[] exchange(Map<String, String> q) throws Exception {
        boolean initiator = q.get("role").equals("initiator");
        SM2KeyExchange exchange = new SM2KeyExchange();
        ECPrivateKeyParameters own = secret(q, "d");
        ECPrivateKeyParameters point = secret(q, "r");
        SM2KeyExchangePrivateParameters mine = new SM2KeyExchangePrivateParameters(initiator, own, point);
        SM2KeyExchangePublicParameters theirs =
            new SM2KeyExchangePublicParameters(key(data(q, "peer_key")), key(data(q, "peer_point")));
        int bits = 8 * Integer.parseInt(q.get("length"));
        ParametersWithID peer = new ParametersWithID(theirs, data(q, "peer_id"));
        exchange.init(new ParametersWithID(mine, data(q, "own_id")));
        if (!initiator) {
            byte[][] all = exchange.calculateKeyWithConfirmation(bits, null, peer);
            return join(all[0], all[1], all[2]);
        }
        // the initiator wants the value of the responder first; what it computes itself comes after
        throw new Unsupported();
    }

    static byte[] join(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.write(part, 0, part.length);
        }
        return out.toByteArray();
    }

    static SM2Engine engine(Map<String, String> q) throws Unsupported {
        switch (q.get("form")) {
            case "c1c3c2":
                return new SM2Engine(SM2Engine.Mode.C1C3C2);
            case "c1c2c3":
                return new SM2Engine(SM2Engine.Mode.C1C2C3);
            default:
                throw new Unsupported();
        }
    }

    static byte[] encrypt(Map<String, String> q) throws Exception {
        SM2Engine engine = engine(q);
        byte[] text = data(q, "plaintext");
        engine.init(true, new ParametersWithRandom(key(data(q, "public_key")), always(data(q, "k"))));
        return engine.processBlock(text, 0, text.length);
    }

    static byte[] decrypt(Map<String, String> q) throws Exception {
        SM2Engine engine = engine(q);
        byte[] text = data(q, "ciphertext");
        engine.init(false, secret(q, "d"));
        try {
            return engine.processBlock(text, 0, text.length);
        } catch (InvalidCipherTextException | IllegalArgumentException refusal) {
            throw new Refused();
        }
    }
}
